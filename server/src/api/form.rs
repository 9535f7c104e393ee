//! Forms, read into the types of JSON bodies.
//!
//! A form holds nothing but text. So a field is what its reader expects: a number, a boolean, or one of a list where a list
//! is wanted (`scopes=admin`); `type[]=a&type[]=b` or `type=a&type=b` is a list.

use std::collections::BTreeMap;

use serde::{
    Deserializer,
    de::{
        IntoDeserializer, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};

/// The fields of a form, to be read as a whole.
pub(super) fn reader(body: &[u8]) -> MapDeserializer<'static, impl Iterator<Item = (String, Field)>, Error> {
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(name) => (name.to_owned(), true),
            None => (name.into_owned(), false),
        };
        let field = fields.entry(name).or_default();
        field.is_list |= is_list;
        field.values.push(value.into_owned());
    }
    MapDeserializer::new(fields.into_iter())
}

/// A field, with all that was sent under its name.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    values: Vec<String>,
    /// Whether its name says that it is one, however few there are.
    is_list: bool,
}

impl Field {
    /// The value, if it is a single one.
    fn single(&self) -> Option<&str> {
        match self.values.as_slice() {
            [one] if !self.is_list => Some(one),
            _ => None,
        }
    }

    /// The value as what is expected, if it can be read as that.
    fn parsed<T: std::str::FromStr>(&self) -> Option<T> {
        self.single()?.parse().ok()
    }
}

impl IntoDeserializer<'_, Error> for Field {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads a value by what is expected of it; what cannot be read so is told by its text.
macro_rules! parsed {
    ($($deserialize:ident $visit:ident)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.parsed() {
                Some(value) => visitor.$visit(value),
                None => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Field {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.single() {
            Some(one) => visitor.visit_str(one),
            None => self.deserialize_seq(visitor),
        }
    }

    parsed! {
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
        deserialize_f32 visit_f32 deserialize_f64 visit_f64
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(SeqDeserializer::new(
            self.values.into_iter().map(|value| Self { values: vec![value], is_list: false }),
        ))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.single() {
            Some(one) => StringDeserializer::<Error>::new(one.to_owned()).deserialize_enum(name, variants, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        #[default]
        One,
        Two,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Sent {
        name: String,
        kind: Kind,
        number: Option<u32>,
        seconds: f64,
        yes: bool,
        list: Vec<Kind>,
        names: Option<Vec<String>>,
    }

    fn read(form: &str) -> Result<Sent, String> {
        Sent::deserialize(reader(form.as_bytes())).map_err(|error| error.to_string())
    }

    #[test]
    fn fields_are_what_is_expected_of_them() {
        let sent = read("name=12&kind=two&number=7&seconds=1.5&yes=true&list=one&names[]=a%20b").unwrap();
        let expected = Sent {
            name: "12".into(),
            kind: Kind::Two,
            number: Some(7),
            seconds: 1.5,
            yes: true,
            list: vec![Kind::One],
            names: Some(vec!["a b".into()]),
        };
        assert_eq!(sent, expected);
        assert_eq!(read("list=one&list=two").unwrap().list, [Kind::One, Kind::Two]);
        assert_eq!(read("list[]=two&list[]=one").unwrap().list, [Kind::Two, Kind::One]);
        assert_eq!(read("").unwrap(), Sent::default());
    }

    #[test]
    fn what_cannot_be_read_so_is_told_by_its_text() {
        assert_eq!(read("number=many").unwrap_err(), "invalid type: string \"many\", expected u32");
        assert_eq!(read("number=-1").unwrap_err(), "invalid type: string \"-1\", expected u32");
        assert_eq!(read("yes=perhaps").unwrap_err(), "invalid type: string \"perhaps\", expected a boolean");
        assert_eq!(read("kind=three").unwrap_err(), "unknown variant `three`, expected `one` or `two`");
        assert_eq!(read("name=a&name=b").unwrap_err(), "invalid type: sequence, expected a string");
        assert_eq!(read("name[]=a").unwrap_err(), "invalid type: sequence, expected a string");
        assert!(read("other=1").unwrap_err().starts_with("unknown field `other`"));
    }
}
