//! Which entities may stand in and beside which: styles are split where others begin and end, code holds nothing,
//! links and mentions do not overlap, quotations do not nest.

use std::cmp::Reverse;

use super::Entity;

/// Styles, which can be split and joined.
const STYLES: [&str; 5] = ["bold", "italic", "underline", "strikethrough", "spoiler"];

fn style(kind: &str) -> Option<usize> {
    STYLES.iter().position(|style| *style == kind)
}

fn is_quote(kind: &str) -> bool {
    matches!(kind, "blockquote" | "expandable_blockquote")
}

fn is_code(kind: &str) -> bool {
    matches!(kind, "pre" | "code" | "date_time")
}

/// What stands outside comes first.
fn rank(entity: &Entity) -> usize {
    match entity.kind.as_str() {
        kind if is_quote(kind) => 0,
        "pre" => 10,
        "code" | "date_time" => 20,
        "text_link" | "text_mention" => 49,
        "custom_emoji" => 99,
        kind => style(kind).map_or(50, |index| 90 + index),
    }
}

/// By offset, the longest first.
pub(crate) fn sort(entities: &mut [Entity]) {
    entities.sort_by_key(|entity| (entity.offset, Reverse(entity.length), rank(entity)));
}

/// Makes entities of a sender valid.
pub(super) fn fix(entities: &mut Vec<Entity>) {
    sort(entities);
    if !is_valid(entities) {
        let all = std::mem::take(entities);
        *entities = arrange(all, Vec::new());
    }
}

/// Adds what was found in the text to what its sender marked, which has precedence.
pub(super) fn merge(entities: Vec<Entity>, found: Vec<Entity>) -> Vec<Entity> {
    arrange(entities, found)
}

fn arrange(entities: Vec<Entity>, mut found: Vec<Entity>) -> Vec<Entity> {
    let (styles, rest): (Vec<Entity>, Vec<Entity>) =
        entities.into_iter().partition(|entity| style(&entity.kind).is_some());
    let (mut quotes, mut fixed): (Vec<Entity>, Vec<Entity>) =
        rest.into_iter().partition(|entity| is_quote(&entity.kind));
    apart(&mut fixed);
    apart(&mut quotes);
    sort(&mut found);
    apart(&mut found);
    found.retain(|new| !fixed.iter().any(|old| new.offset < old.end() && old.offset < new.end()));
    fixed.append(&mut found);
    // A quotation holds a link whole, or not at all.
    let cuts = |quote: &Entity, entity: &Entity| {
        let touches = quote.offset < entity.end() && entity.offset < quote.end();
        touches && !(quote.offset <= entity.offset && entity.end() <= quote.end())
    };
    fixed.retain(|entity| !quotes.iter().any(|quote| cuts(quote, entity)));
    fixed.append(&mut quotes);
    sort(&mut fixed);
    let mut all = split(&styles, &fixed);
    all.append(&mut fixed);
    sort(&mut all);
    all
}

/// Keeps the first of entities that overlap.
fn apart(entities: &mut Vec<Entity>) {
    let mut end = 0;
    entities.retain(|entity| {
        let fits = entity.offset >= end;
        if fits {
            end = entity.end();
        }
        fits
    });
}

/// Cuts styles at the borders of other entities, and leaves them out of code.
fn split(styles: &[Entity], others: &[Entity]) -> Vec<Entity> {
    let mut splitter = Splitter { left: styles, open: [None; 5], made: Vec::new() };
    let mut around: Vec<&Entity> = Vec::new();
    let mut advance = |around: &mut Vec<&Entity>, offset: usize| {
        while let Some(inner) = around.pop_if(|inner| inner.end() <= offset) {
            let before = splitter.made.len();
            splitter.until(inner.end());
            if is_code(&inner.kind) {
                splitter.made.truncate(before);
            }
        }
        splitter.until(offset);
    };
    for other in others {
        advance(&mut around, other.offset);
        around.push(other);
    }
    advance(&mut around, usize::MAX);
    splitter.made
}

struct Splitter<'a> {
    left: &'a [Entity],
    /// Where the open part of each style begins and ends.
    open: [Option<(usize, usize)>; 5],
    made: Vec<Entity>,
}

impl Splitter<'_> {
    fn until(&mut self, end: usize) {
        while let Some((next, rest)) = self.left.split_first().filter(|(next, _)| next.offset < end) {
            self.left = rest;
            let Some(index) = style(&next.kind) else { continue };
            match &mut self.open[index] {
                Some((_, old)) if next.offset <= *old => *old = (*old).max(next.end()),
                _ => {
                    self.flush(next.offset);
                    self.open[index] = Some((next.offset, next.end()));
                }
            }
        }
        self.flush(end);
    }

    fn flush(&mut self, offset: usize) {
        for (open, kind) in self.open.iter_mut().zip(STYLES) {
            let Some((from, to)) = open.filter(|(from, _)| *from < offset) else { continue };
            self.made.push(Entity::new(kind, from, to.min(offset) - from));
            *open = (to > offset).then_some((offset, to));
        }
    }
}

/// Whether entities can stay as they are.
fn is_valid(entities: &[Entity]) -> bool {
    let mut ends = [None; 5];
    let mut around: Vec<&Entity> = Vec::new();
    for entity in entities {
        while around.pop_if(|outer| outer.end() <= entity.offset).is_some() {}
        let code = is_code(&entity.kind);
        let index = style(&entity.kind);
        let continuous = !code && index.is_none() && !is_quote(&entity.kind);
        let fits = around.iter().all(|outer| {
            let outer_is_continuous =
                !is_code(&outer.kind) && style(&outer.kind).is_none() && !is_quote(&outer.kind);
            entity.end() <= outer.end()
                && entity.kind != outer.kind
                && !is_code(&outer.kind)
                && style(&outer.kind).is_none()
                && (!code || is_quote(&outer.kind))
                && !((continuous || is_quote(&entity.kind)) && outer_is_continuous)
                && !(is_quote(&entity.kind) && is_quote(&outer.kind))
        });
        if !fits {
            return false;
        }
        if let Some(index) = index {
            if ends[index].is_some_and(|end| end >= entity.offset) {
                return false;
            }
            ends[index] = Some(entity.end());
        }
        around.push(entity);
    }
    true
}
