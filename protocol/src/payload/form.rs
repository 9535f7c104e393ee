//! `application/x-www-form-urlencoded`, as PHP and the WHATWG URL standard write it: `tags[]=a&tags[]=b`,
//! `fields[name]=value`.

use std::borrow::Cow;

use super::names::NameIndex;
use super::{DecodeCode, DecodeError, MAX_DEPTH, MAX_VALUES};
use crate::event::{Event, Value};
use crate::quote::{quoted, start};

type Result<T> = std::result::Result<T, DecodeError>;

/// Reads a form into variables. Fields of one name, or of a name with brackets, become lists and objects.
pub(super) fn parse(body: &[u8]) -> Result<Vec<(String, Value)>> {
    let mut root = Vec::new();
    let mut offset = 0;
    for (count, pair) in body.split(|byte| *byte == b'&').enumerate() {
        if count >= MAX_VALUES {
            return Err(DecodeError::at(
                DecodeCode::TooManyValues,
                offset,
                format!("the form holds more than {MAX_VALUES} fields"),
            ));
        }
        if !pair.is_empty() {
            let equals = pair.iter().position(|byte| *byte == b'=');
            let path = path_of(&pair[..equals.unwrap_or(pair.len())], offset)?;
            let (raw, start) = equals.map_or((&b""[..], offset), |at| (&pair[at + 1..], offset + at + 1));
            let value = percent_decode(raw, start).map_err(|error| error.in_variable(&path[0]))?;
            root.push((path, value, offset));
        }
        offset += pair.len() + 1;
    }
    Ok(tree(root)?.into_pairs())
}

/// `fields[a][]` → `fields`, `a`, and the empty step that appends to a list. PHP percent-encodes its brackets as it does those
/// of a key; where a name has some that stand as they are, the encoded ones are a key's own.
fn path_of(raw: &[u8], offset: usize) -> Result<Vec<String>> {
    let name = percent_decode(raw, offset)?;
    let find = |text: &[u8], bracket: u8| text.iter().position(|byte| *byte == bracket);
    let literal = find(raw, b'[').is_some_and(|at| at > 0);
    let text = if literal { raw } else { name.as_bytes() };
    let step = |part: &[u8]| match literal {
        true => percent_decode(part, offset),
        false => Ok(String::from_utf8_lossy(part).into_owned()),
    };
    let Some(open) = find(text, b'[').filter(|at| *at > 0) else { return Ok(vec![name]) };
    let (base, mut rest) = text.split_at(open);
    let mut steps = vec![step(base)?];
    while !rest.is_empty() {
        let close = find(rest, b']').filter(|_| rest.starts_with(b"[")).ok_or_else(|| {
            DecodeError::at(
                DecodeCode::InvalidFieldName,
                offset,
                format!("the brackets in the name {} do not match", shown(&name)),
            )
            .in_variable(&steps[0])
        })?;
        steps.push(step(&rest[1..close])?);
        rest = &rest[close + 1..];
        if steps.len() > MAX_DEPTH {
            return Err(DecodeError::at(
                DecodeCode::TooDeep,
                offset,
                format!("the name {} has more than {MAX_DEPTH} brackets", shown(&name)),
            ));
        }
    }
    Ok(steps)
}

fn shown(name: &str) -> String {
    quoted(start(name, 64))
}

/// What stands at one name while the fields are gathered.
enum Node {
    Leaf(Vec<String>),
    List(Vec<Node>),
    Branch(Branch),
}

/// Named nodes in the order they came, found in constant time.
#[derive(Default)]
struct Branch {
    entries: Vec<(String, Node)>,
    index: NameIndex,
}

impl Branch {
    fn into_pairs(self) -> Vec<(String, Value)> {
        self.entries.into_iter().map(|(name, node)| (name, node.into_value())).collect()
    }

    fn entry(&mut self, name: String, new: impl FnOnce() -> Node) -> &mut Node {
        let at = self.index.find(&self.entries, &name).unwrap_or_else(|| {
            self.entries.push((name, new()));
            self.entries.len() - 1
        });
        &mut self.entries[at].1
    }
}

impl Node {
    fn new(rest: &[String]) -> Self {
        match rest.first().map(String::as_str) {
            None => Self::Leaf(Vec::new()),
            Some("") => Self::List(Vec::new()),
            Some(_) => Self::Branch(Branch::default()),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Leaf(mut values) => match values.len() {
                1 => Value::String(values.remove(0)),
                _ => Value::Array(values.into_iter().map(Value::String).collect()),
            },
            Self::List(items) => Value::Array(items.into_iter().map(Self::into_value).collect()),
            // `tags[0]=a&tags[1]=b` is a list too.
            Self::Branch(branch) => {
                let counted = branch.entries.iter().enumerate().all(|(at, (name, _))| *name == at.to_string());
                match branch.into_pairs() {
                    pairs if counted => Value::Array(pairs.into_iter().map(|(_, value)| value).collect()),
                    pairs => Value::Object(pairs),
                }
            }
        }
    }

    fn insert(&mut self, rest: &[String], value: String) -> Option<()> {
        match (self, rest) {
            (Self::Leaf(values), []) => values.push(value),
            (Self::List(items), [step, rest @ ..]) if step.is_empty() => {
                let mut node = Self::new(rest);
                node.insert(rest, value)?;
                items.push(node);
            }
            (Self::Branch(branch), [step, rest @ ..]) if !step.is_empty() => {
                return branch.entry(step.clone(), || Self::new(rest)).insert(rest, value);
            }
            _ => return None,
        }
        Some(())
    }
}

fn tree(fields: Vec<(Vec<String>, String, usize)>) -> Result<Branch> {
    let mut root = Branch::default();
    for (path, value, offset) in fields {
        let [name, rest @ ..] = path.as_slice() else { continue };
        root.entry(name.clone(), || Node::new(rest)).insert(rest, value).ok_or_else(|| {
            DecodeError::at(
                DecodeCode::InvalidFieldName,
                offset,
                format!(
                    "the field {} contradicts an earlier one: it cannot be a value, a list and an object at once",
                    shown(name)
                ),
            )
            .in_variable(name)
        })?;
    }
    Ok(root)
}

fn percent_decode(raw: &[u8], offset: usize) -> Result<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(byte) = raw.get(at) {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |index: usize| raw.get(index).and_then(|byte| char::from(*byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(at + 1), digit(at + 2)) else {
                    return Err(DecodeError::at(
                        DecodeCode::InvalidPercentEncoding,
                        offset + at,
                        "\"%\" is not followed by two hexadecimal digits",
                    ));
                };
                // Two hexadecimal digits make at most 255.
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            byte => bytes.push(*byte),
        }
        at += 1;
    }
    String::from_utf8(bytes)
        .map_err(|_| DecodeError::at(DecodeCode::InvalidUtf8, offset, "the field that begins there is not UTF-8"))
}

/// Writes an event as a form: lists as `name[]=…`, objects as `name[key]=…`, an empty list or object not at all,
/// `null` as nothing after the `=`. [`super::decode`] reads all else back but an empty key, a variable's own name with brackets
/// in it, and an object within one whose keys count from 0, which is a list to it.
#[must_use]
pub fn to_form(event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in event.variables() {
        write_field(&mut out, &mut vec![Cow::Borrowed(name)], value);
    }
    out
}

fn write_field<'a>(out: &mut Vec<u8>, path: &mut Vec<Cow<'a, str>>, value: &'a Value) {
    let text = match value {
        Value::Array(items) => {
            // A list within a list is numbered: `x[][]=a&x[][]=b` would not say which belongs to which.
            let plain = items.iter().all(|item| !matches!(item, Value::Array(_) | Value::Object(_)));
            for (index, item) in items.iter().enumerate() {
                path.push(if plain { Cow::Borrowed("") } else { Cow::Owned(index.to_string()) });
                write_field(out, path, item);
                path.pop();
            }
            return;
        }
        Value::Object(pairs) => {
            for (key, item) in pairs {
                path.push(Cow::Borrowed(key));
                write_field(out, path, item);
                path.pop();
            }
            return;
        }
        Value::Null => "",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(text) | Value::String(text) => text,
    };
    if !out.is_empty() {
        out.push(b'&');
    }
    write_name(out, path);
    out.push(b'=');
    percent_encode(out, text);
}

/// A name and the keys within it, with brackets percent-encoded, as PHP writes them; where a key has some of its own, those
/// around the keys stand as they are, so that they can be told apart.
fn write_name(out: &mut Vec<u8>, path: &[Cow<'_, str>]) {
    let own = path.iter().any(|key| key.contains(['[', ']']));
    let (open, close): (&[u8], &[u8]) = if own { (b"[", b"]") } else { (b"%5B", b"%5D") };
    for (index, key) in path.iter().enumerate() {
        if index == 0 {
            percent_encode(out, key);
        } else {
            out.extend_from_slice(open);
            percent_encode(out, key);
            out.extend_from_slice(close);
        }
    }
}

fn percent_encode(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(byte),
            b' ' => out.push(b'+'),
            _ => out.extend_from_slice(&[b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}
