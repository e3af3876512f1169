//! Stickers and their sets.

use std::collections::BTreeMap;

mod public;
mod topics;

use super::files::File;
use super::json::Object;
use super::message::Kind;
use super::state::State;

/// What a set holds; the words are the Bot API's `sticker_type`.
pub(crate) const TYPES: [&str; 3] = ["regular", "mask", "custom_emoji"];

/// All sets, and what is known of sticker files.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Stickers {
    /// By name in lower case.
    pub sets: BTreeMap<String, StickerSet>,
    /// By number of the file.
    pub facts: BTreeMap<u32, StickerFacts>,
    /// Files of custom emoji, by their id.
    pub emoji: BTreeMap<String, u32>,
    /// The public sticker that stands in no set.
    pub lone: Option<u32>,
}

/// A set of stickers.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct StickerSet {
    pub name: String,
    pub title: String,
    /// One of [`TYPES`].
    pub kind: String,
    /// The bot that made it: no other may change it.
    pub bot: i64,
    /// Files, in order.
    pub stickers: Vec<u32>,
    /// The file of its thumbnail.
    pub thumbnail: Option<u32>,
    pub needs_repainting: bool,
}

/// What is known of a sticker besides its file.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct StickerFacts {
    /// One of [`TYPES`]; empty for `regular`.
    pub kind: String,
    /// The first is the one that the sticker shows.
    pub emoji: Vec<String>,
    /// What it is found by; no bot can read them.
    pub keywords: Vec<String>,
    /// `MaskPosition` as JSON.
    pub mask_position: Option<String>,
    /// The set's name in lower case.
    pub set: Option<String>,
    pub custom_emoji_id: Option<String>,
    pub needs_repainting: bool,
    /// The file of the animation that only paying people see in full.
    pub premium_animation: Option<u32>,
}

impl Stickers {
    /// Gives a sticker outside sets its emoji.
    pub fn describe(&mut self, number: u32, emoji: &str) {
        let facts = StickerFacts { emoji: vec![emoji.to_owned()], ..StickerFacts::default() };
        self.facts.insert(number, facts);
    }

    /// The set of that name, whatever the case.
    pub fn set(&self, name: &str) -> Option<&StickerSet> {
        self.sets.get(&name.trim().to_lowercase())
    }

    /// Takes a sticker out of its set; a set without stickers is gone.
    pub fn take_out(&mut self, number: u32) {
        let Some(name) = self.facts.get_mut(&number).and_then(|facts| facts.set.take()) else { return };
        let Some(set) = self.sets.get_mut(&name) else { return };
        set.stickers.retain(|sticker| *sticker != number);
        if set.stickers.is_empty() {
            self.sets.remove(&name);
        }
    }

    /// Deletes a set; its stickers stay files that can be sent.
    pub fn delete(&mut self, name: &str) -> Option<StickerSet> {
        let set = self.sets.remove(&name.trim().to_lowercase())?;
        for number in &set.stickers {
            if let Some(facts) = self.facts.get_mut(number) {
                facts.set = None;
            }
        }
        Some(set)
    }
}

impl State {
    /// `StickerSet`.
    pub fn sticker_set_json(&self, set: &StickerSet) -> String {
        let mut object = Object::with_capacity(512 * (set.stickers.len() + 1));
        object.text("name", &set.name).text("title", &set.title).text("sticker_type", &set.kind);
        let thumbnail = set.thumbnail.and_then(|number| Some((number, self.files.get(number)?)));
        if let Some((number, file)) = thumbnail {
            let fields = self.bare_file(number);
            let mut size = Object::with_capacity(160);
            size.fields(fields.trim_start_matches('{').trim_end_matches('}'))
                .plain("width", file.width)
                .plain("height", file.height);
            object.raw("thumbnail", &size.end());
        }
        let stickers: Vec<String> = set.stickers.iter().map(|number| self.file_object(*number, "")).collect();
        object.raw("stickers", &format!("[{}]", stickers.join(","))).newer(self.settings.newer);
        object.end()
    }

    /// The fields that only a `Sticker` has.
    pub(super) fn write_sticker(&self, object: &mut Object, number: u32, file: &File) {
        let known = self.stickers.facts.get(&number);
        let kind = known.map(|facts| facts.kind.as_str()).filter(|kind| !kind.is_empty()).unwrap_or(TYPES[0]);
        object
            .text("type", kind)
            .plain("is_animated", file.mime == "application/x-tgsticker")
            .plain("is_video", file.mime == "video/webm");
        let Some(facts) = known else { return };
        if let Some(emoji) = facts.emoji.first() {
            object.text("emoji", emoji);
        }
        if let Some(set) = facts.set.as_ref().and_then(|name| self.stickers.sets.get(name)) {
            object.text("set_name", &set.name);
        }
        if let Some(position) = &facts.mask_position {
            object.raw("mask_position", position);
        }
        if let Some(id) = &facts.custom_emoji_id {
            object.text("custom_emoji_id", id);
        }
        if facts.needs_repainting {
            object.plain("needs_repainting", true);
        }
        if let Some(number) = facts.premium_animation {
            object.raw("premium_animation", &self.bare_file(number));
        }
    }

    /// The file of a set's thumbnail: a sticker of 100 pixels.
    pub fn as_set_thumbnail(&mut self, file: u32) -> u32 {
        let Some(mut copy) = self.files.get(file).cloned() else { return file };
        (copy.width, copy.height) = (100, 100);
        self.files.add(copy)
    }

    /// Puts a sticker at the end of a set, as a file of its own: the same upload may stand in several sets.
    /// `None` when the set is not there.
    pub fn add_to_set(&mut self, name: &str, file: File, facts: StickerFacts) -> Option<u32> {
        let number = self.set_member(name, file, facts)?;
        self.stickers.sets.get_mut(&name.to_lowercase())?.stickers.push(number);
        Some(number)
    }

    /// The file that stands in a set for `file`, not yet in its list.
    pub fn set_member(&mut self, name: &str, mut file: File, mut facts: StickerFacts) -> Option<u32> {
        let set = self.stickers.set(name)?;
        facts.kind.clone_from(&set.kind);
        facts.set = Some(set.name.to_lowercase());
        facts.needs_repainting = set.needs_repainting;
        if set.kind == TYPES[2] {
            if file.mime == "image/webp" {
                (file.width, file.height) = (100, 100);
            }
            if facts.custom_emoji_id.is_none() {
                facts.custom_emoji_id =
                    Some(self.number("custom emoji", 6_100_000_000_000_000_000).to_string());
            }
        }
        file.kind = Kind::Sticker;
        let number = self.files.add(file);
        if let Some(id) = &facts.custom_emoji_id {
            self.stickers.emoji.insert(id.clone(), number);
        }
        self.stickers.facts.insert(number, facts);
        Some(number)
    }
}
