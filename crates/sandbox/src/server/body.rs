//! Bodies of requests, read to their end.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoBody {
    #[error("the body is over {0} MiB")]
    TooLarge(usize),
    #[error("the body broke off: {0}")]
    BrokeOff(String),
}

/// Reads a body of at most `mib` binary megabytes. One that is too large is read to its end, within reason: under a
/// client that still writes, a connection that is closed loses the answer.
pub(crate) async fn read<B>(body: B, mib: usize) -> Result<Bytes, NoBody>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<axum::BoxError>,
{
    let most = mib * 1024 * 1024;
    let mut body = std::pin::pin!(body);
    let (mut taken, mut length) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| NoBody::BrokeOff(error.into().to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= most {
            if taken.is_empty() && body.is_end_stream() {
                // The usual case: all of it came at once.
                return Ok(data);
            }
            taken.extend_from_slice(&data);
        } else if length > 2 * most {
            break;
        } else {
            taken = BytesMut::new();
        }
    }
    if length > most { Err(NoBody::TooLarge(mib)) } else { Ok(taken.freeze()) }
}
