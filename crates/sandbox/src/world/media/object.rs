//! Files as the Bot API's objects.

use crate::world::files::{File, Quality, Size, THUMBNAIL, WHOLE, file_id, unique_id};
use crate::world::json::Object;
use crate::world::message::{Content, Kind};
use crate::world::state::State;

impl State {
    /// The content that shows a file of the store.
    pub fn file_content(&self, number: u32) -> Content {
        let Some(file) = self.files.get(number) else { return Content::new(Kind::Document, "{}") };
        let mut content = Content::new(file.kind, self.file_object(number, ""));
        content.file = Some(number);
        content
    }

    /// A live photo: the film and the photo that it stands behind.
    pub fn live_photo_content(&self, film: u32, photo: u32) -> Content {
        let sizes = self.photo_array(photo);
        // The film may have come as a video, of which more is known than a live photo tells.
        let mut object = Object::with_capacity(384);
        if let Some(file) = self.files.get(film) {
            write_ids(&mut object, film, file);
            object.plain("width", file.width).plain("height", file.height).plain("duration", file.duration);
            object.text("mime_type", &file.mime);
        }
        object.raw("photo", &sizes);
        let mut content = Content::new(Kind::LivePhoto, object.end());
        content.extra = format!("\"photo\":{sizes}").into();
        content.file = Some(film);
        content
    }

    /// `PhotoSize` objects, smallest first.
    pub fn photo_array(&self, number: u32) -> String {
        let Some(file) = self.files.get(number) else { return "[]".to_owned() };
        let sizes: Vec<String> = file.sizes.iter().map(|size| photo_size(number, file, size)).collect();
        format!("[{}]", sizes.join(","))
    }

    /// `ChatPhoto`: the smallest and the largest size.
    pub fn chat_photo(&self, number: u32) -> Option<String> {
        let file = self.files.get(number)?;
        let (small, big) = (file.sizes.first()?.part, file.sizes.last()?.part);
        let mut object = Object::with_capacity(256);
        object
            .text("small_file_id", &file_id(file.kind, small, number))
            .text("small_file_unique_id", &unique_id(number, small, file))
            .text("big_file_id", &file_id(file.kind, big, number))
            .text("big_file_unique_id", &unique_id(number, big, file));
        Some(object.end())
    }

    /// The object of a file: an array for a photo. `more`: fields of this message alone, as JSON.
    pub fn file_object(&self, number: u32, more: &str) -> String {
        let Some(file) = self.files.get(number) else { return "{}".to_owned() };
        if file.kind == Kind::Photo {
            return self.photo_array(number);
        }
        let mut object = Object::with_capacity(384);
        write_ids(&mut object, number, file);
        match file.kind {
            Kind::VideoNote => {
                object.plain("length", file.width);
            }
            Kind::Video | Kind::Animation | Kind::Sticker | Kind::LivePhoto => {
                object.plain("width", file.width).plain("height", file.height);
            }
            _ => {}
        }
        if !matches!(file.kind, Kind::Document | Kind::Sticker) {
            object.plain("duration", file.duration);
        }
        if let Some(size) = file.sizes.iter().find(|size| size.part == THUMBNAIL) {
            object.raw("thumbnail", &photo_size(number, file, size));
        }
        if matches!(file.kind, Kind::Video | Kind::Animation | Kind::Document | Kind::Audio)
            && !file.name.is_empty()
        {
            object.text("file_name", &file.name);
        }
        if !matches!(file.kind, Kind::VideoNote | Kind::Sticker) {
            object.text("mime_type", &file.mime);
        }
        if file.kind == Kind::Sticker {
            self.write_sticker(&mut object, number, file);
        }
        if !file.qualities.is_empty() {
            let qualities: Vec<String> = file.qualities.iter().map(|quality| self.quality(quality)).collect();
            object.raw("qualities", &format!("[{}]", qualities.join(",")));
        }
        for fields in [file.extra.as_str(), more] {
            if !fields.is_empty() {
                object.fields(fields);
            }
        }
        object.end()
    }

    /// `VideoQuality`.
    fn quality(&self, quality: &Quality) -> String {
        let Some(file) = self.files.get(quality.file) else { return "{}".to_owned() };
        let mut object = Object::with_capacity(192);
        write_ids(&mut object, quality.file, file);
        object.plain("width", file.width).plain("height", file.height).text("codec", &quality.codec);
        object.end()
    }

    /// `File`, as getFile and uploadStickerFile answer it, without a path.
    pub fn bare_file(&self, number: u32) -> String {
        let Some(file) = self.files.get(number) else { return "{}".to_owned() };
        let mut object = Object::new();
        write_ids(&mut object, number, file);
        object.end()
    }
}

fn write_ids(object: &mut Object, number: u32, file: &File) {
    object
        .text("file_id", &file_id(file.kind, WHOLE, number))
        .text("file_unique_id", &unique_id(number, WHOLE, file))
        .plain("file_size", file.bytes.len());
}

fn photo_size(number: u32, file: &File, size: &Size) -> String {
    let mut object = Object::with_capacity(160);
    object
        .text("file_id", &file_id(file.kind, size.part, number))
        .text("file_unique_id", &unique_id(number, size.part, file))
        .plain("file_size", size.bytes.len())
        .plain("width", size.width)
        .plain("height", size.height);
    object.end()
}
