//! Stickers that are on Telegram's servers before any bot comes: the icons of forum topics, and a few that tests of
//! public libraries ask for by name or id and so take to be always there. They come into being when they are asked
//! for. Names, ids, emoji and sizes are the real ones; the pictures are not.

use super::super::files::{File, Size, THUMBNAIL};
use super::super::message::Kind;
use super::super::state::State;
use super::topics::DRAWN;
use super::{StickerFacts, StickerSet};
use crate::picture;

/// A `file_id` of Telegram's that every bot can use: a sticker that stands in no set any more.
const LONE_FILE: &str = "CAADAQADHAADyIsGAAFZfq1bphjqlgI";
const LONE_EMOJI: &str = "💪";

/// A public set.
struct Public {
    name: &'static str,
    title: &'static str,
    kind: &'static str,
    animated: bool,
    needs_repainting: bool,
    stickers: &'static [Drawn],
}

/// A sticker of a public set: emoji, id as custom emoji, `file_unique_id` with its thumbnail's, bytes of both, and
/// the `file_unique_id` of a premium animation; empty and 0 where it has none.
#[derive(Clone, Copy)]
pub(super) struct Drawn(
    pub &'static str,
    pub &'static str,
    pub [&'static str; 2],
    pub [usize; 2],
    pub &'static str,
);

const PLAIN: Drawn = Drawn("🔥", "", ["", ""], [0, 0], "");
/// The set's twenty-first sticker plays in full for premium users.
const FLAME: [Drawn; 24] = {
    let mut stickers = [PLAIN; 24];
    stickers[20] = Drawn("🔥", "", ["", ""], [0, 0], "AQADOBwAAifPOElr");
    stickers
};

const SETS: [Public; 3] = [
    Public {
        name: "Topics",
        title: "Topics",
        kind: "custom_emoji",
        animated: true,
        needs_repainting: true,
        stickers: &DRAWN,
    },
    Public {
        name: "Flame",
        title: "Flame",
        kind: "regular",
        animated: true,
        needs_repainting: false,
        stickers: &FLAME,
    },
    Public {
        name: "PTBStaticEmojiTestPack",
        title: "PTB Static Emoji Test Pack",
        kind: "custom_emoji",
        animated: false,
        needs_repainting: false,
        stickers: &[Drawn(
            "😎",
            "6046140249875156202",
            ["AgAD6gwAAoY06FM", "AQAD6gwAAoY06FNy"],
            [3_678, 3_614],
            "",
        )],
    },
];

impl State {
    /// Brings the public set of that name into the world, if it is one and not there yet.
    pub fn know_public_set(&mut self, name: &str) {
        let public = SETS.iter().find(|set| set.name.eq_ignore_ascii_case(name.trim()));
        let Some(public) = public.filter(|public| self.stickers.set(public.name).is_none()) else { return };
        let set = StickerSet {
            name: public.name.to_owned(),
            title: public.title.to_owned(),
            kind: public.kind.to_owned(),
            // Telegram's own: no bot has it.
            bot: 0,
            stickers: Vec::new(),
            thumbnail: None,
            needs_repainting: public.needs_repainting,
        };
        self.stickers.sets.insert(public.name.to_lowercase(), set);
        for drawn in public.stickers {
            let animation = (!drawn.4.is_empty()).then(|| {
                let unique = Some([drawn.4.to_owned(), String::new()]);
                self.files.add(File { unique, sizes: Vec::new(), ..draw(&PLAIN, true) })
            });
            let facts = StickerFacts {
                emoji: vec![drawn.0.to_owned()],
                custom_emoji_id: Some(drawn.1.to_owned()).filter(|id| !id.is_empty()),
                premium_animation: animation,
                ..StickerFacts::default()
            };
            self.add_to_set(public.name, draw(drawn, public.animated), facts);
        }
    }

    /// The file of a custom emoji, public ones too.
    pub fn public_emoji(&mut self, id: &str) -> Option<u32> {
        if let Some(set) = SETS.iter().find(|set| set.stickers.iter().any(|drawn| drawn.1 == id)) {
            self.know_public_set(set.name);
        }
        self.stickers.emoji.get(id).copied()
    }

    /// The file of a `file_id` that Telegram gave out long ago.
    pub fn public_file(&mut self, id: &str) -> Option<u32> {
        if id != LONE_FILE {
            return None;
        }
        if let Some(number) = self.stickers.lone {
            return Some(number);
        }
        let number = self.files.add(draw(&Drawn(LONE_EMOJI, "", ["", ""], [0, 0], ""), false));
        self.stickers.describe(number, LONE_EMOJI);
        self.stickers.lone = Some(number);
        Some(number)
    }
}

/// The file of a public sticker: a tile, as many bytes long as the real one.
fn draw(drawn: &Drawn, animated: bool) -> File {
    let Drawn(_, _, unique, [whole, small], _) = drawn;
    let padded = |mut bytes: Vec<u8>, length: usize| {
        bytes.resize(bytes.len().max(length), 0);
        bytes
    };
    let tile = |side: u32| picture::tile(side, [230, 120, 60]).to_vec();
    let (name, mime, bytes) = if animated {
        // An empty animation, gzipped without compression.
        let nothing = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x02\0\xfd\xff{}\x43\xbf\xa6\xa3\x02\0\0\0";
        ("sticker.tgs", "application/x-tgsticker", padded(nothing.to_vec(), *whole))
    } else {
        ("sticker.webp", "image/webp", padded(tile(100), *whole))
    };
    let side = if animated { 128 } else { 100 };
    let thumbnail =
        Size { part: THUMBNAIL, width: side, height: side, bytes: padded(tile(side), *small).into() };
    File {
        kind: Kind::Sticker,
        bytes: bytes.into(),
        name: name.to_owned(),
        mime: mime.to_owned(),
        width: 512,
        height: 512,
        duration: 0,
        extra: String::new(),
        sizes: vec![thumbnail],
        qualities: Vec::new(),
        unique: (!unique[0].is_empty()).then(|| unique.map(str::to_owned)),
    }
}
