//! Pictures as Telegram serves them: photos in several sizes, thumbnails, stickers.
//!
//! Nothing here touches the world, so that the work can be done before its lock is taken.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, Rgb, RgbImage};

/// One size of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendition {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// JPEG or WebP.
    pub bytes: Bytes,
}

/// Why a picture is not taken, in the words of Telegram's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// No picture that can be read.
    Process,
    /// Too large or too narrow.
    Dimensions,
}

impl Unfit {
    pub fn text(self) -> &'static str {
        match self {
            Self::Process => "IMAGE_PROCESS_FAILED",
            Self::Dimensions => "PHOTO_INVALID_DIMENSIONS",
        }
    }
}

/// The longest sides of a photo's sizes, with the letters that Telegram gives them.
pub(crate) const PHOTO_BOXES: [(char, u32); 4] = [('s', 90), ('m', 320), ('x', 800), ('y', 1_280)];
/// The sides of the sizes of a profile or chat photo.
pub(crate) const PROFILE_BOXES: [(char, u32); 3] = [('a', 160), ('b', 320), ('c', 640)];
/// The longest side of a thumbnail.
pub(crate) const THUMBNAIL_BOX: u32 = 320;
/// The side of a sticker.
const STICKER_BOX: u32 = 512;
/// Thumbnails of more bytes are left out.
const MOST_THUMBNAIL_BYTES: usize = 200 * 1_024;
/// "The photo's width and height must not exceed 10000 in total. Width and height ratio must be at most 20."
const MOST_SUM: u32 = 10_000;
const MOST_RATIO: u32 = 20;
/// Files come out about as large as Telegram's.
const QUALITY: u8 = 75;

/// Width and height of a picture, from its header.
pub(crate) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.into_dimensions().ok().filter(|(width, height)| *width > 0 && *height > 0)
}

/// The sizes of a photo, smallest first: the last is the photo itself, at most 1280 pixels long.
pub(crate) fn photo(bytes: &Bytes) -> Result<Vec<Rendition>, Unfit> {
    let picture = decode(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    let mut sizes = Vec::new();
    for (_, side) in PHOTO_BOXES {
        if longest > side {
            sizes.push(jpeg(&scaled(&picture, fit(width, height, side)))?);
        }
    }
    if longest <= PHOTO_BOXES[PHOTO_BOXES.len() - 1].1 {
        sizes.push(whole(bytes, &picture)?);
    }
    Ok(sizes)
}

/// The sizes of a profile photo, smallest first: squares of 160, 320 and 640 pixels, cut out of the middle.
pub(crate) fn profile(bytes: &Bytes) -> Result<Vec<Rendition>, Unfit> {
    let picture = decode(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    let square = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    // Nothing is blown up, but for a picture that is smaller than the smallest size.
    let boxes = PROFILE_BOXES.into_iter().filter(|(part, most)| *part == 'a' || *most <= side);
    let scale = |(_, most): (char, u32)| {
        if side == most && width == height {
            whole(bytes, &square)
        } else {
            jpeg(&scaled(&square, (most, most)))
        }
    };
    boxes.map(scale).collect()
}

/// A thumbnail. `shape`: the pixels of the video that it stands for, whose proportions it takes.
pub(crate) fn thumbnail(bytes: &Bytes, shape: Option<(u32, u32)>) -> Option<Rendition> {
    if bytes.len() > MOST_THUMBNAIL_BYTES {
        return None;
    }
    small(bytes, shape)
}

/// A picture at most 320 pixels long, as the thumbnail of the file that holds it.
pub(crate) fn small(bytes: &Bytes, shape: Option<(u32, u32)>) -> Option<Rendition> {
    let picture = decode(bytes).ok()?;
    let own = (picture.width(), picture.height());
    let (width, height) = shape.filter(|(width, height)| *width > 0 && *height > 0).unwrap_or(own);
    let longest = width.max(height).min(THUMBNAIL_BOX);
    let size = fit(width, height, longest);
    if size == own { whole(bytes, &picture).ok() } else { jpeg(&scaled(&picture, size)).ok() }
}

/// A static sticker and its thumbnail: WebP with one side of 512 pixels. A WebP that fits is left as it is.
pub(crate) fn sticker(bytes: &Bytes) -> Result<(Rendition, Rendition), Unfit> {
    let picture = decode(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let is_webp = image::guess_format(bytes).ok() == Some(ImageFormat::WebP);
    let whole = if is_webp && width.max(height) <= STICKER_BOX {
        Rendition { width, height, bytes: bytes.clone() }
    } else {
        webp(&scaled(&picture, fit(width, height, STICKER_BOX)))?
    };
    let small = webp(&scaled(&picture, fit(width, height, width.max(height).min(THUMBNAIL_BOX))))?;
    Ok((whole, small))
}

/// A grey field for what has no picture of its own.
pub(crate) fn blank(width: u32, height: u32) -> Option<Rendition> {
    let (width, height) = (width.clamp(1, MOST_SUM), height.clamp(1, MOST_SUM));
    let size = fit(width, height, width.max(height).min(THUMBNAIL_BOX));
    jpeg(&DynamicImage::ImageRgb8(RgbImage::from_pixel(size.0, size.1, Rgb([128; 3])))).ok()
}

/// A JPEG of a tea garden: a sun in a pale sky, and three hills with rows of bushes. Something to look at on a page.
pub(crate) fn garden(width: u32, height: u32) -> Bytes {
    // What follows counts in a picture of 640 by 480.
    let scaled = |column: u32, row: u32| (column * 640 / width.max(1), row * 480 / height.max(1));
    let picture = RgbImage::from_fn(width, height, |column, row| {
        let (x, y) = scaled(column, row);
        Rgb(garden_colour(x, y))
    });
    jpeg(&DynamicImage::ImageRgb8(picture)).map(|size| size.bytes).unwrap_or_default()
}

fn garden_colour(x: u32, y: u32) -> [u8; 3] {
    // Far, middle and near: how far to the left it begins, its period, its foot, its height, its colour.
    const HILLS: [(u32, u32, u32, u32, [u8; 3]); 3] = [
        (90, 560, 330, 120, [150, 186, 160]),
        (410, 700, 400, 130, [98, 154, 118]),
        (180, 880, 480, 150, [52, 116, 84]),
    ];
    let hill = HILLS.iter().rev().find_map(|(shift, period, foot, high, colour)| {
        let along = (x + shift) % period;
        let top = foot - 4 * high * along * (period - along) / (period * period) - 40;
        let row_of_bushes = (y + 480 - top) % 26 < 4 && *foot > 340;
        (y >= top).then(|| if row_of_bushes { colour.map(|part| part - 14) } else { *colour })
    });
    let sun = x.abs_diff(455).pow(2) + y.abs_diff(120).pow(2) < 46 * 46;
    let paler = u8::try_from(y.min(360) / 8).unwrap_or_default();
    hill.unwrap_or(if sun { [250, 214, 140] } else { [196 + paler, 218 + paler / 3, 226] })
}

/// A square WebP of one colour.
pub(crate) fn tile(side: u32, colour: [u8; 3]) -> Bytes {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(side, side, Rgb(colour)));
    webp(&picture).map(|size| size.bytes).unwrap_or_default()
}

fn decode(bytes: &Bytes) -> Result<DynamicImage, Unfit> {
    let (width, height) = dimensions(bytes).ok_or(Unfit::Process)?;
    let (short, long) = (width.min(height), width.max(height));
    if width.saturating_add(height) > MOST_SUM || long > short.saturating_mul(MOST_RATIO) {
        return Err(Unfit::Dimensions);
    }
    image::load_from_memory(bytes).map_err(|_| Unfit::Process)
}

/// Width and height with `longest` as the longer side.
fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let most = u64::from(width.max(height)).max(1);
    let side = |side: u32| {
        let scaled = (u64::from(side) * u64::from(longest) + most / 2) / most;
        u32::try_from(scaled).unwrap_or(longest).max(1)
    };
    (side(width), side(height))
}

fn scaled(picture: &DynamicImage, (width, height): (u32, u32)) -> DynamicImage {
    if (picture.width(), picture.height()) == (width, height) {
        picture.clone()
    } else {
        picture.resize_exact(width, height, FilterType::Triangle)
    }
}

/// The picture in its own size: a JPEG stays the bytes that it was.
fn whole(bytes: &Bytes, picture: &DynamicImage) -> Result<Rendition, Unfit> {
    if image::guess_format(bytes).ok() == Some(ImageFormat::Jpeg) {
        return Ok(Rendition { width: picture.width(), height: picture.height(), bytes: bytes.clone() });
    }
    jpeg(picture)
}

fn jpeg(picture: &DynamicImage) -> Result<Rendition, Unfit> {
    let flat = on_white(picture);
    let (width, height) = flat.dimensions();
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
    let written = encoder.write_image(flat.as_raw(), width, height, ExtendedColorType::Rgb8);
    written.map_err(|_| Unfit::Process)?;
    Ok(Rendition { width, height, bytes: out.into() })
}

fn webp(picture: &DynamicImage) -> Result<Rendition, Unfit> {
    let picture = picture.to_rgba8();
    let (width, height) = picture.dimensions();
    let mut out = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut out);
    let written = encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgba8);
    written.map_err(|_| Unfit::Process)?;
    Ok(Rendition { width, height, bytes: out.into() })
}

/// JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let picture = picture.to_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |column, row| {
        let [red, green, blue, alpha] = picture.get_pixel(column, row).0;
        let over = |colour: u8| {
            let mixed = (u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_comes_in_sizes_up_to_its_own() {
        let sizes = photo(&garden(640, 480)).unwrap();
        let pixels: Vec<(u32, u32)> = sizes.iter().map(|size| (size.width, size.height)).collect();
        assert_eq!(pixels, [(90, 68), (320, 240), (640, 480)]);
        for size in &sizes {
            assert_eq!(dimensions(&size.bytes), Some((size.width, size.height)));
        }
    }

    #[test]
    fn a_large_photo_is_cut_down_to_1280_pixels() {
        let sizes = photo(&garden(1_920, 1_080)).unwrap();
        assert_eq!(sizes.last().map(|size| (size.width, size.height)), Some((1_280, 720)));
        assert_eq!(sizes.len(), 4);
    }

    #[test]
    fn what_is_no_picture_or_too_narrow_is_refused() {
        assert_eq!(photo(&Bytes::from_static(b"tea")), Err(Unfit::Process));
        assert_eq!(photo(&garden(420, 20)), Err(Unfit::Dimensions));
    }

    #[test]
    fn a_thumbnail_takes_the_shape_of_its_video() {
        let thumbnail = thumbnail(&garden(50, 50), Some((360, 640))).unwrap();
        assert_eq!((thumbnail.width, thumbnail.height), (180, 320));
    }
}
