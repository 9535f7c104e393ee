//! The document as a page for people: one file without scripts, so that the strictest policy lets it be.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::METHODS;

/// How the page looks.
const STYLE: &str = include_str!("page.css");

/// A page, and what its policy is.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) policy: String,
}

/// Writes the page.
pub(super) fn render(document: &Value) -> Page {
    let mut page = Writer::default();
    let title = text(&document["info"]["title"]);
    page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page.text(&format!("{title}: the REST API"));
    page.raw("</title>\n<style>");
    page.raw(STYLE);
    page.raw(
        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n<div class=\"frame\">\n",
    );
    navigation(&mut page, document);
    page.raw("<main id=\"main\">\n<h1>");
    page.text(&format!("{title}: the REST API"));
    page.raw("</h1>\n<p>");
    page.words(text(&document["info"]["description"]));
    page.raw("</p>\n<p>Version ");
    page.text(text(&document["info"]["version"]));
    page.raw(". For programs: <a href=\"/openapi.json\">openapi.json</a> (OpenAPI ");
    page.text(text(&document["openapi"]));
    page.raw(").</p>\n");
    for tag in tags(document) {
        let _ = write!(page.0, "<section>\n<h2 id=\"tag-{}\">", slug(&tag));
        page.text(&tag);
        page.raw("</h2>\n");
        for operation in operations(document).filter(|each| each.tag() == tag) {
            self::operation(&mut page, &operation);
        }
        page.raw("</section>\n");
    }
    schemas(&mut page, document);
    page.raw("</main>\n</div>\n</body>\n</html>\n");
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    Page {
        html: page.0,
        policy: format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
    }
}

/// An operation and where it is.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    it: &'a Value,
}

impl Operation<'_> {
    fn tag(&self) -> &str {
        text(&self.it["tags"][0])
    }

    fn id(&self) -> &str {
        text(&self.it["operationId"])
    }
}

fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let paths = document["paths"].as_object();
    paths.into_iter().flatten().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| item.get(method).map(|it| Operation { method, path, it }))
    })
}

fn tags(document: &Value) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for operation in operations(document) {
        if !found.iter().any(|tag| tag == operation.tag()) {
            found.push(operation.tag().to_owned());
        }
    }
    found
}

fn navigation(page: &mut Writer, document: &Value) {
    page.raw("<nav aria-label=\"Calls\">\n");
    for tag in tags(document) {
        page.raw("<h2>");
        page.text(&tag);
        page.raw("</h2>\n<ul>\n");
        for operation in operations(document).filter(|each| each.tag() == tag) {
            let _ = write!(page.0, "<li><a href=\"#{}\">", slug(operation.id()));
            page.text(text(&operation.it["summary"]));
            page.raw("</a></li>\n");
        }
        page.raw("</ul>\n");
    }
    page.raw("<h2><a href=\"#schemas\">Schemas</a></h2>\n</nav>\n");
}

fn operation(page: &mut Writer, operation: &Operation<'_>) {
    let _ = write!(page.0, "<article id=\"{}\">\n<h3>", slug(operation.id()));
    page.text(text(&operation.it["summary"]));
    page.raw("</h3>\n<p class=\"call\"><b>");
    page.text(&operation.method.to_ascii_uppercase());
    page.raw("</b> <code>");
    page.text(operation.path);
    page.raw("</code>");
    if operation.it["deprecated"] == true {
        page.raw(" <i>an old name</i>");
    }
    page.raw("</p>\n");
    if let Some(description) = operation.it["description"].as_str() {
        page.raw("<p>");
        page.words(description);
        page.raw("</p>\n");
    }
    parameters(page, operation.it);
    if let Some(content) = operation.it["requestBody"]["content"].as_object() {
        page.raw("<h4>Body</h4>\n");
        contents(page, content);
    }
    answers(page, operation.it);
    page.raw("</article>\n");
}

fn parameters(page: &mut Writer, operation: &Value) {
    let Some(all) = operation["parameters"].as_array().filter(|all| !all.is_empty()) else { return };
    page.raw("<h4>Parameters</h4>\n<table>\n<tr><th>Name<th>In<th>What\n");
    for each in all {
        page.raw("<tr><td><code>");
        page.text(text(&each["name"]));
        page.raw("</code><td>");
        page.text(text(&each["in"]));
        page.raw("<td>");
        page.words(text(&each["description"]));
        page.raw(" <span class=\"type\">");
        kind(page, &each["schema"]);
        page.raw("</span>\n");
    }
    page.raw("</table>\n");
}

fn answers(page: &mut Writer, operation: &Value) {
    page.raw("<h4>Answers</h4>\n");
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let _ = write!(page.0, "<details{}>\n<summary><b>", if status.starts_with('2') { " open" } else { "" });
        page.text(status);
        page.raw("</b> ");
        page.words(text(&answer["description"]));
        page.raw("</summary>\n");
        if let Some(content) = answer["content"].as_object() {
            contents(page, content);
        }
        page.raw("</details>\n");
    }
}

fn contents(page: &mut Writer, content: &serde_json::Map<String, Value>) {
    for (media_type, body) in content {
        page.raw("<p><code>");
        page.text(media_type);
        page.raw("</code> <span class=\"type\">");
        kind(page, &body["schema"]);
        page.raw("</span></p>\n");
        if let Some(example) = body.get("example") {
            page.raw("<pre tabindex=\"0\">");
            match example {
                Value::String(text) => page.text(text),
                other => page.text(&serde_json::to_string_pretty(other).unwrap_or_default()),
            }
            page.raw("</pre>\n");
        }
    }
}

fn schemas(page: &mut Writer, document: &Value) {
    page.raw("<section>\n<h2 id=\"schemas\">Schemas</h2>\n");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(page.0, "<article id=\"schema-{}\">\n<h3>", slug(name));
        page.text(name);
        page.raw("</h3>\n");
        if let Some(description) = schema["description"].as_str() {
            page.raw("<p>");
            page.words(description);
            page.raw("</p>\n");
        }
        match schema["properties"].as_object() {
            Some(properties) => {
                page.raw("<table>\n<tr><th>Name<th>Type<th>What\n");
                let required = schema["required"].as_array();
                for (name, property) in properties {
                    page.raw("<tr><td><code>");
                    page.text(name);
                    page.raw("</code>");
                    if !required.is_some_and(|all| all.iter().any(|each| each == name)) {
                        page.raw(" <i>may be left out</i>");
                    }
                    page.raw("<td>");
                    kind(page, property);
                    page.raw("<td>");
                    page.words(text(&property["description"]));
                    page.raw("\n");
                }
                page.raw("</table>\n");
            }
            None => {
                page.raw("<p>");
                kind(page, schema);
                page.raw("</p>\n");
            }
        }
        page.raw("</article>\n");
    }
    page.raw("</section>\n");
}

/// What may stand somewhere, in few words.
fn kind(page: &mut Writer, schema: &Value) {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or_default();
        let _ = write!(page.0, "<a href=\"#schema-{}\">", slug(name));
        page.text(name);
        page.raw("</a>");
        return;
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[several].as_array() {
            for (index, each) in kinds.iter().enumerate() {
                page.raw(if index == 0 { "" } else { " or " });
                kind(page, each);
            }
            return;
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        for (index, value) in values.iter().enumerate() {
            page.raw(if index == 0 { "<code>" } else { ", <code>" });
            page.text(value.as_str().unwrap_or_default());
            page.raw("</code>");
        }
        return;
    }
    match &schema["type"] {
        Value::String(one) if one == "array" => {
            page.raw("list of ");
            kind(page, &schema["items"]);
        }
        Value::String(one) => page.text(one),
        Value::Array(several) => {
            let names: Vec<_> = several.iter().filter_map(Value::as_str).collect();
            page.text(&names.join(" or "));
        }
        _ => page.raw("anything"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A name as it can stand in an address.
fn slug(name: &str) -> String {
    name.chars().map(|each| if each.is_ascii_alphanumeric() || each == '_' { each } else { '-' }).collect()
}

/// Writes HTML.
#[derive(Default)]
struct Writer(String);

impl Writer {
    /// HTML as it is.
    fn raw(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// Text, which is never HTML.
    fn text(&mut self, text: &str) {
        for each in text.chars() {
            match each {
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '&' => self.raw("&amp;"),
                '"' => self.raw("&quot;"),
                other => self.0.push(other),
            }
        }
    }

    /// Text in which `…` between back-quotes is code.
    fn words(&mut self, text: &str) {
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 1 {
                self.raw("<code>");
                self.text(part);
                self.raw("</code>");
            } else {
                self.text(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_document_is_text_on_the_page() {
        let hostile = "<script>alert(1)</script>\"'&";
        let document = serde_json::json!({
            "openapi": "3.1.0",
            "info": {"title": hostile, "version": hostile, "description": hostile},
            "paths": {"/<b>": {"get": {
                "operationId": hostile, "summary": hostile, "description": hostile, "tags": [hostile],
                "parameters": [{"name": hostile, "in": "query", "description": hostile, "schema": {"enum": [hostile]}}],
                "responses": {"200": {"description": hostile, "content": {"text/plain": {"example": hostile}}}},
            }}},
            "components": {"schemas": {hostile: {"description": hostile, "properties": {hostile: {"type": hostile}}}}},
        });
        let page = render(&document);
        assert!(!page.html.contains("<script"), "{}", page.html);
        assert!(!page.html.contains("</script"), "{}", page.html);
        assert!(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"), "{}", page.html);
    }
}
