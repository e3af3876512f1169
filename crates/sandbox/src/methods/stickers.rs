//! Sticker sets.

use serde_json::Value;

mod checked;

use super::{ApiError, Done, Outcome, Request};
use crate::world::files::File;
use crate::world::media::Wish;
use crate::world::message::Kind;
use crate::world::stickers::{StickerFacts, StickerSet, TYPES};
use checked::{Format, check_file, check_name, emoji_list, keywords, mask_position, sticker_format};

/// Stickers of a set at most: custom emoji, and others.
const MOST_EMOJI: usize = 200;
const MOST: usize = 120;

/// The methods about stickers and their sets.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "getStickerSet" => request.get_set(),
        "getCustomEmojiStickers" => request.get_custom_emoji(),
        "getForumTopicIconStickers" => Ok(request.get_topic_icons()),
        "uploadStickerFile" => request.upload_sticker(),
        "createNewStickerSet" => request.create_set(),
        "addStickerToSet" => request.add_sticker(),
        "replaceStickerInSet" => request.replace_sticker(),
        "deleteStickerFromSet" => request.delete_sticker(),
        "deleteStickerSet" => request.delete_set(),
        "setStickerPositionInSet" => request.move_sticker(),
        "setStickerEmojiList" => request.set_emoji(),
        "setStickerKeywords" => request.set_keywords(),
        "setStickerMaskPosition" => request.set_mask(),
        "setStickerSetTitle" => request.set_set_title(),
        "setStickerSetThumbnail" => request.set_thumbnail(),
        "setCustomEmojiStickerSetThumbnail" => request.set_emoji_thumbnail(),
        _ => return None,
    })
}

fn no_set() -> ApiError {
    ApiError::bad("STICKERSET_INVALID")
}

/// An `InputSticker` that was read and whose file is in the store.
struct Given {
    file: File,
    facts: StickerFacts,
}

impl Request<'_> {
    fn get_set(&mut self) -> Outcome {
        let name = self.params.text("name").unwrap_or_default();
        self.state.know_public_set(&name);
        let set = self.state.stickers.set(&name).ok_or_else(no_set)?;
        Ok(Done::from(self.state.sticker_set_json(set)))
    }

    fn get_custom_emoji(&mut self) -> Outcome {
        let ids = self.object("custom_emoji_ids");
        let ids = ids.ok_or_else(|| ApiError::bad("parameter \"custom_emoji_ids\" is required"))?;
        let Ok(ids) = ids else {
            return Err(ApiError::bad("can't parse custom emoji identifiers JSON object"));
        };
        let Value::Array(ids) = ids else {
            return Err(ApiError::bad("expected an Array of custom emoji identifiers"));
        };
        if ids.len() > MOST_EMOJI {
            return Err(ApiError::bad("too many custom emoji identifiers specified"));
        }
        let mut stickers = Vec::new();
        for id in &ids {
            let Some(id) = id.as_str() else {
                return Err(ApiError::bad("custom emoji identifier must be of type String"));
            };
            if id.parse::<i64>().is_err() {
                return Err(ApiError::bad("invalid custom emoji identifier specified"));
            }
            // What is not there is left out.
            stickers.extend(self.state.public_emoji(id).map(|number| self.state.file_object(number, "")));
        }
        Ok(Done::from(format!("[{}]", stickers.join(","))))
    }

    fn get_topic_icons(&mut self) -> Done {
        self.state.know_public_set("Topics");
        let icons = self.state.stickers.set("Topics").map(|set| set.stickers.clone()).unwrap_or_default();
        let icons: Vec<String> = icons.iter().map(|icon| self.state.file_object(*icon, "")).collect();
        Done::from(format!("[{}]", icons.join(",")))
    }

    fn upload_sticker(&mut self) -> Outcome {
        self.user()?;
        let legacy = !self.params.map.contains_key("sticker");
        let (field, format) = if legacy {
            ("png_sticker", Some(Format::Static))
        } else {
            ("sticker", sticker_format(&self.params.text("sticker_format").unwrap_or_default())?)
        };
        let given = self.params.text(field).unwrap_or_default();
        let upload = self.upload(&given, field).cloned();
        let upload = upload.ok_or_else(|| ApiError::bad("InputFile is not specified"))?;
        check_file(&upload.bytes, format, false)?;
        let number = self.file_of(super::media::Input::Upload(upload), &Wish::of(Kind::Sticker))?;
        Ok(Done::from(self.state.bare_file(number)))
    }

    /// Reads an `InputSticker` and takes its file in.
    fn given(&mut self, object: &Value, default: &str) -> Result<Given, ApiError> {
        let wrong = |text: &str| ApiError::bad(&format!("can't parse InputSticker: {text}"));
        if !object.is_object() {
            return Err(wrong("InputSticker must be an Object"));
        }
        let source = object["sticker"].as_str().unwrap_or_default();
        let input = self.input(source, "").ok_or_else(|| wrong("sticker not found"))?;
        let format = match object["format"].as_str().filter(|word| !word.is_empty()) {
            Some(word) => word,
            None if default.is_empty() => return Err(wrong("Can't find field \"format\"")),
            None => default,
        };
        let format = sticker_format(format)?;
        let facts = StickerFacts {
            emoji: emoji_list(&object["emoji_list"]).map_err(|text| wrong(&text))?,
            mask_position: mask_position(&object["mask_position"])?,
            keywords: keywords(&object["keywords"])?,
            ..StickerFacts::default()
        };
        if let super::media::Input::Upload(upload) = &input {
            check_file(&upload.bytes, format, false)?;
        }
        let number = self.file_of(input, &Wish::of(Kind::Sticker))?;
        let file = self.state.files.get(number).cloned().ok_or_else(|| wrong("sticker not found"))?;
        Ok(Given { file, facts })
    }

    fn create_set(&mut self) -> Outcome {
        self.user()?;
        let stickers = self
            .object("stickers")
            .ok_or_else(|| ApiError::bad("there is no sticker file in the request"))?;
        let Ok(stickers) = stickers else { return Err(ApiError::bad("can't parse stickers JSON object")) };
        let Value::Array(stickers) = stickers else {
            return Err(ApiError::bad("expected an Array of InputSticker"));
        };
        if stickers.len() > 50 {
            return Err(ApiError::bad("too many stickers specified"));
        }
        let default = self.params.text("sticker_format").unwrap_or_default();
        let given =
            stickers.iter().map(|object| self.given(object, &default)).collect::<Result<Vec<_>, _>>()?;
        let kind = match self.params.text("sticker_type").as_deref() {
            _ if self.params.flag("contains_masks") => TYPES[1],
            None => TYPES[0],
            Some(word) => TYPES
                .into_iter()
                .find(|kind| *kind == word)
                .ok_or_else(|| ApiError::bad("unsupported sticker type specified"))?,
        };
        let title = self.set_title_given()?;
        let name = self.params.text("name").unwrap_or_default().trim().to_owned();
        let username = self.state.users.get(&self.bot.0).and_then(|user| user.username.clone());
        check_name(&name, &username.unwrap_or_default())?;
        if given.is_empty() {
            return Err(ApiError::bad("STICKERS_EMPTY"));
        }
        self.state.know_public_set(&name);
        if self.state.stickers.set(&name).is_some() {
            return Err(ApiError::bad("sticker set name is already occupied"));
        }
        let set = StickerSet {
            name: name.clone(),
            title,
            kind: kind.to_owned(),
            bot: self.bot.0,
            stickers: Vec::new(),
            thumbnail: None,
            needs_repainting: kind == TYPES[2] && self.params.flag("needs_repainting"),
        };
        self.state.stickers.sets.insert(name.to_lowercase(), set);
        for Given { file, facts } in given {
            self.state.add_to_set(&name, file, facts);
        }
        Ok(Done::yes())
    }

    fn set_title_given(&self) -> Result<String, ApiError> {
        let title = self.params.text("title").unwrap_or_default().trim().to_owned();
        match title.chars().count() {
            0 => Err(ApiError::bad("sticker set title must be non-empty")),
            1..=64 => Ok(title),
            _ => Err(ApiError::bad("PACK_TITLE_INVALID")),
        }
    }

    fn add_sticker(&mut self) -> Outcome {
        self.user()?;
        let Given { file, facts } = self.given_sticker()?;
        let name = self.own_set()?;
        let set = self.state.stickers.set(&name).ok_or_else(no_set)?;
        if set.stickers.len() >= if set.kind == TYPES[2] { MOST_EMOJI } else { MOST } {
            return Err(ApiError::bad("STICKERS_TOO_MUCH"));
        }
        self.state.add_to_set(&name, file, facts);
        Ok(Done::yes())
    }

    fn given_sticker(&mut self) -> Result<Given, ApiError> {
        let sticker = self.object("sticker");
        let sticker = sticker.ok_or_else(|| ApiError::bad("there is no sticker file in the request"))?;
        let sticker = sticker.map_err(|()| ApiError::bad("can't parse sticker JSON object"))?;
        self.given(&sticker, "auto")
    }

    fn replace_sticker(&mut self) -> Outcome {
        let user = self.params.int("user_id").unwrap_or_default();
        if user != self.bot.0 {
            self.user()?;
        }
        let old = self.own_sticker("old_sticker")?;
        let Given { file, facts } = self.given_sticker()?;
        let name = self.own_set()?;
        let position = self
            .state
            .stickers
            .set(&name)
            .and_then(|set| set.stickers.iter().position(|sticker| *sticker == old))
            .ok_or_else(|| ApiError::bad("STICKER_INVALID"))?;
        let new = self.state.set_member(&name, file, facts).ok_or_else(no_set)?;
        if let Some(set) = self.state.stickers.sets.get_mut(&name) {
            set.stickers[position] = new;
        }
        if let Some(facts) = self.state.stickers.facts.get_mut(&old) {
            facts.set = None;
        }
        Ok(Done::yes())
    }

    /// The lower-case name of the set that is asked for, which is the bot's own.
    fn own_set(&mut self) -> Result<String, ApiError> {
        let name = self.params.text("name").unwrap_or_default().trim().to_lowercase();
        if name.is_empty() {
            return Err(ApiError::bad("sticker set name must be non-empty"));
        }
        let set = self.state.stickers.sets.get(&name).filter(|set| set.bot == self.bot.0);
        set.map(|_| name).ok_or_else(no_set)
    }

    /// A sticker of one of the bot's own sets.
    fn own_sticker(&mut self, field: &str) -> Result<u32, ApiError> {
        let id = self.params.text(field).unwrap_or_default().trim().to_owned();
        if id.is_empty() {
            return Err(ApiError::bad("sticker is not specified"));
        }
        let number = self.file_of(super::media::Input::Remote(id), &Wish::of(Kind::Sticker))?;
        let facts = self.state.stickers.facts.get(&number);
        let set = facts.and_then(|facts| self.state.stickers.sets.get(facts.set.as_ref()?));
        match set {
            Some(set) if set.bot == self.bot.0 => Ok(number),
            _ => Err(no_set()),
        }
    }

    fn facts(&mut self, number: u32) -> Result<&mut StickerFacts, ApiError> {
        self.state.stickers.facts.get_mut(&number).ok_or_else(no_set)
    }

    fn delete_sticker(&mut self) -> Outcome {
        let number = self.own_sticker("sticker")?;
        self.state.stickers.take_out(number);
        Ok(Done::yes())
    }

    fn delete_set(&mut self) -> Outcome {
        let name = self.own_set()?;
        self.state.stickers.delete(&name);
        Ok(Done::yes())
    }

    fn move_sticker(&mut self) -> Outcome {
        let number = self.own_sticker("sticker")?;
        let position = self.params.int("position").and_then(|position| usize::try_from(position).ok());
        let position = position.ok_or_else(|| ApiError::bad("wrong sticker position specified"))?;
        let name = self.facts(number)?.set.clone().unwrap_or_default();
        let set = self.state.stickers.sets.get_mut(&name).ok_or_else(no_set)?;
        set.stickers.retain(|sticker| *sticker != number);
        set.stickers.insert(position.min(set.stickers.len()), number);
        Ok(Done::yes())
    }

    fn set_emoji(&mut self) -> Outcome {
        let number = self.own_sticker("sticker")?;
        let Some(Ok(list)) = self.object("emoji_list") else {
            return Err(ApiError::bad("can't parse emoji list JSON array"));
        };
        let list = emoji_list(&list);
        self.facts(number)?.emoji =
            list.map_err(|text| ApiError::bad(&format!("can't parse emoji list: {text}")))?;
        Ok(Done::yes())
    }

    fn set_keywords(&mut self) -> Outcome {
        let number = self.own_sticker("sticker")?;
        let list = match self.object("keywords") {
            None => Value::Null,
            Some(Ok(list)) => list,
            Some(Err(())) => return Err(ApiError::bad("can't parse keywords JSON object")),
        };
        self.facts(number)?.keywords = keywords(&list)?;
        Ok(Done::yes())
    }

    fn set_mask(&mut self) -> Outcome {
        let number = self.own_sticker("sticker")?;
        let position = match self.object("mask_position") {
            None => Value::Null,
            Some(Ok(position)) => position,
            Some(Err(())) => return Err(ApiError::bad("can't parse mask position JSON object")),
        };
        self.facts(number)?.mask_position = mask_position(&position)?;
        Ok(Done::yes())
    }

    fn set_set_title(&mut self) -> Outcome {
        let name = self.own_set()?;
        let title = self.set_title_given()?;
        if let Some(set) = self.state.stickers.sets.get_mut(&name) {
            set.title = title;
        }
        Ok(Done::yes())
    }

    fn set_thumbnail(&mut self) -> Outcome {
        self.user()?;
        let format = self.params.text("format").unwrap_or_else(|| "auto".to_owned());
        let format = sticker_format(&format)?;
        let field = if self.params.map.contains_key("thumb") { "thumb" } else { "thumbnail" };
        let input = self.input(&self.params.text(field).unwrap_or_default(), field);
        let name = self.own_set()?;
        let number = match input {
            None => None,
            Some(input) => {
                if let super::media::Input::Upload(upload) = &input {
                    check_file(&upload.bytes, format, true)?;
                }
                let number = self.file_of(input, &Wish::of(Kind::Sticker))?;
                Some(self.state.as_set_thumbnail(number))
            }
        };
        if let Some(set) = self.state.stickers.sets.get_mut(&name) {
            set.thumbnail = number;
        }
        Ok(Done::yes())
    }

    fn set_emoji_thumbnail(&mut self) -> Outcome {
        let name = self.own_set()?;
        let set = self.state.stickers.set(&name).filter(|set| set.kind == TYPES[2]).ok_or_else(no_set)?;
        let id = self.params.text("custom_emoji_id").filter(|id| id != "0");
        let number = match id {
            None => None,
            Some(id) => {
                let number = self.state.stickers.emoji.get(&id).copied();
                let number = number.filter(|number| set.stickers.contains(number));
                Some(number.ok_or_else(|| ApiError::bad("STICKER_INVALID"))?)
            }
        };
        if let Some(set) = self.state.stickers.sets.get_mut(&name) {
            set.thumbnail = number;
        }
        Ok(Done::yes())
    }
}
