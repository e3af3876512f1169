//! Whether the languages say the same things.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// Something that a translation lacks, or has too much.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The language at fault.
    pub language: String,
    /// The key, or empty when the whole source is at fault.
    pub key: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.language, self.key, self.what)
    }
}

/// Arguments by key; `key.attribute` for an attribute.
type Keys = BTreeMap<String, BTreeSet<String>>;

/// Compares every language with the first: syntax, keys that are missing or that only one has, keys given
/// twice, arguments that differ. Empty when all is well.
pub fn check(sources: &[(&str, &str)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut languages: Vec<(&str, Keys)> = Vec::new();
    for (tag, source) in sources {
        let place = languages.iter().position(|(known, _)| known == tag).unwrap_or_else(|| {
            languages.push((tag, Keys::new()));
            languages.len() - 1
        });
        read(tag, source, &mut languages[place].1, &mut problems);
    }
    let Some(((first, expected), others)) = languages.split_first() else { return problems };
    for (tag, keys) in others {
        let mut problem = |language: &str, key: &String, what: String| {
            problems.push(Problem { language: language.to_owned(), key: key.clone(), what });
        };
        for (key, args) in expected {
            match keys.get(key) {
                None => problem(tag, key, format!("is missing; {first} has it")),
                Some(theirs) if theirs != args => {
                    let list = |args: &BTreeSet<String>| args.iter().cloned().collect::<Vec<_>>().join(", ");
                    problem(
                        tag,
                        key,
                        format!("takes ({}); in {first} it takes ({})", list(theirs), list(args)),
                    );
                }
                Some(_) => {}
            }
        }
        for key in keys.keys().filter(|key| !expected.contains_key(*key)) {
            problem(first, key, format!("is missing; {tag} has it"));
        }
    }
    problems
}

fn read(tag: &str, source: &str, keys: &mut Keys, problems: &mut Vec<Problem>) {
    let mut problem = |key: &str, what: String| {
        problems.push(Problem { language: tag.to_owned(), key: key.to_owned(), what });
    };
    let resource = match fluent_syntax::parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line =
                    source.as_bytes().iter().take(error.pos.start).filter(|byte| **byte == b'\n').count() + 1;
                problem("", format!("line {line}: {error}"));
            }
            resource
        }
    };
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let mut found = Vec::new();
        if let Some(value) = &message.value {
            found.push((key.to_owned(), value));
        }
        for attribute in &message.attributes {
            found.push((format!("{key}.{}", attribute.id.name), &attribute.value));
        }
        for (key, pattern) in found {
            let mut args = BTreeSet::new();
            of_pattern(pattern, &mut args);
            if keys.insert(key.clone(), args).is_some() {
                problem(&key, "is given twice".to_owned());
            }
        }
    }
}

fn of_pattern(pattern: &Pattern<&str>, args: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, args);
        }
    }
}

fn of_expression(expression: &Expression<&str>, args: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, args),
        Expression::Select { selector, variants } => {
            of_inline(selector, args);
            for variant in variants {
                of_pattern(&variant.value, args);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, args: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(args.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => of_expression(expression, args),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| of_inline(argument, args));
            arguments.named.iter().for_each(|argument| of_inline(&argument.value, args));
        }
        _ => {}
    }
}
