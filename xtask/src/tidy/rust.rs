//! Just enough Rust to tell code, comments and string literals apart.

/// A Rust file in two layers of the same length in lines.
pub struct Source {
    /// The code with comments and the contents of literals blanked out; unit tests are blanked, too.
    pub code: String,
    /// Every string literal outside unit tests, with the line on which it starts.
    pub literals: Vec<(usize, String)>,
}

impl Source {
    /// Takes a file apart, leaving out `#[cfg(test)] mod … { … }`.
    pub fn new(text: &str) -> Self {
        let mut source = Self::with_tests(text);
        for (start, end) in test_modules(&source.code) {
            let first = line_of(&source.code, start);
            let last = line_of(&source.code, end);
            source.literals.retain(|(line, _)| *line < first || *line > last);
            let blank: String =
                source.code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            source.code.replace_range(start..end, &blank);
        }
        source
    }

    /// Takes a whole file apart.
    pub fn with_tests(text: &str) -> Self {
        let mut reader =
            Reader { rest: text, line: 1, source: Self { code: String::new(), literals: Vec::new() } };
        while reader.step() {}
        reader.source
    }

    /// The code by lines, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

struct Reader<'t> {
    rest: &'t str,
    line: usize,
    source: Source,
}

impl Reader<'_> {
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.blank(end);
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment(self.rest));
        } else if let Some((open, body, whole)) = string(self.rest, self.source.code.chars().next_back()) {
            let literal = self.rest[open..open + body].to_owned();
            self.source.literals.push((self.line, literal));
            self.source.code.push('"');
            self.blank(whole);
            self.source.code.push('"');
        } else if let Some(length) = character(self.rest) {
            self.blank(length);
        } else {
            self.line += usize::from(first == '\n');
            self.source.code.push(first);
            self.rest = &self.rest[first.len_utf8()..];
        }
        true
    }

    /// Passes over `length` bytes, of which only the line breaks stay.
    fn blank(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at(length);
        let breaks = gone.matches('\n').count();
        self.source.code.extend(std::iter::repeat_n('\n', breaks));
        self.line += breaks;
        self.rest = rest;
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// A string literal at the start of `text`: where its body starts, how long the body is, and how long the whole is.
fn string(text: &str, before: Option<char>) -> Option<(usize, usize, usize)> {
    let prefix = text.find(|c| !matches!(c, 'r' | 'b' | 'c'))?;
    if prefix > 0 && before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let hashes = text[prefix..].len() - text[prefix..].trim_start_matches('#').len();
    let open = prefix + hashes;
    if prefix > 2 || !text[open..].starts_with('"') || (hashes > 0 && !text[..prefix].contains('r')) {
        return None;
    }
    let body = &text[open + 1..];
    if text[..prefix].contains('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        let length = body.find(&end).unwrap_or(body.len());
        return Some((open + 1, length, (open + 1 + length + end.len()).min(text.len())));
    }
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((open + 1, at, open + 1 + at + 1)),
            _ => {}
        }
    }
    Some((open + 1, body.len(), text.len()))
}

/// The length of a character literal at the start of `text`; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    let first = body.chars().next()?;
    if first == '\\' {
        let close = body.char_indices().skip(2).find(|(_, c)| *c == '\'')?.0;
        return Some(close + 2);
    }
    body[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}

/// The byte ranges of inline modules that are compiled for tests only.
fn test_modules(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, attribute) in code.match_indices("#[cfg(test)]") {
        let Some(brace) = code[start..].find(['{', ';']).map(|at| start + at) else { continue };
        let between = code[start + attribute.len()..brace].split_whitespace();
        if !between.clone().any(|word| word == "mod") || code.as_bytes()[brace] == b';' {
            continue;
        }
        let mut depth = 0_i32;
        let end = code[brace..].char_indices().find_map(|(at, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(brace + at + 1)
        });
        found.push((start, end.unwrap_or(code.len())));
    }
    found
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_leave_the_code() {
        let source = Source::new("let a = \"todo!()\"; // todo!()\n/* todo!() /* x */ */ let b = 'x';\n");
        assert!(!source.code.contains("todo"), "{}", source.code);
        assert_eq!(source.literals, [(1, "todo!()".to_owned())]);
        assert!(source.lines().any(|(line, code)| line == 2 && code.contains("let b")));
    }

    #[test]
    fn raw_and_escaped_literals_end_where_they_should() {
        let source = Source::new(r##"f(r#"a "quoted" word"#, "an \" escape", b"bytes"); tail()"##);
        let texts: Vec<&str> = source.literals.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, [r#"a "quoted" word"#, r#"an \" escape"#, "bytes"]);
        assert!(source.code.contains("tail()"), "{}", source.code);
    }

    #[test]
    fn lifetimes_and_quoted_quotes_are_no_literals() {
        let source = Source::new("fn f<'a>(x: &'a str) { g('\"', '\\'', '{'); \"s\"; }");
        assert_eq!(source.literals, [(1, "s".to_owned())]);
        assert!(source.code.contains("fn f<'a>(x: &'a str)"), "{}", source.code);
    }

    #[test]
    fn unit_tests_are_left_out_and_the_rest_stays() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { \"inner\"; if x { } }\n}\nfn c() { \"outer\"; }\n";
        let source = Source::new(text);
        assert!(!source.code.contains("fn b"), "{}", source.code);
        assert_eq!(source.literals, [(6, "outer".to_owned())]);
        assert!(Source::with_tests(text).code.contains("fn b"));
    }

    #[test]
    fn a_literal_over_several_lines_keeps_the_count() {
        let source = Source::new("let a = \"one\ntwo\";\nlast();");
        assert!(source.lines().any(|(line, code)| line == 3 && code == "last();"), "{}", source.code);
    }
}
