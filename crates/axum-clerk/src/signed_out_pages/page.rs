//! A rendered page, cut where its nonces go.

use axum::body::Body;
use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};
use http::{HeaderMap, HeaderValue, Response, header};

use crate::CspNonce;

/// The header of a gzip member without name, time and operating system (RFC 1952, section 2.3).
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];

/// The header of a block that is stored and not the last one (RFC 1951, section 3.2.4), for one nonce.
const STORED_NONCE: [u8; 5] = {
    let [low, high] = (CspNonce::LENGTH as u16).to_le_bytes();
    [0, low, high, !low, !high]
};

/// Stands for a nonce while the page is compressed. HTML does not contain this byte, so no text refers back to it.
const PLACEHOLDER: [u8; CspNonce::LENGTH] = [1; CspNonce::LENGTH];

pub(super) struct Page {
    headers: HeaderMap,
    /// A nonce goes between each two pieces.
    pieces: Vec<Piece>,
}

struct Piece {
    html: String,
    /// Whole blocks of the deflate stream of the page, which end at a byte boundary.
    deflated: Vec<u8>,
}

impl Page {
    pub(super) fn new(pieces: &[&str], mut headers: HeaderMap) -> Self {
        headers.remove(header::CONTENT_LENGTH);
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        let mut deflate = Compress::new(Compression::best(), false);
        let mut compressed = Vec::with_capacity(pieces.len());
        for (index, html) in pieces.iter().enumerate() {
            if index > 0 {
                // Only advances the window: the nonce takes the place of this output.
                compress(&mut deflate, &PLACEHOLDER, FlushCompress::Sync);
            }
            let flush = match index + 1 == pieces.len() {
                true => FlushCompress::Finish,
                false => FlushCompress::Sync,
            };
            compressed.push(Piece {
                html: (*html).to_owned(),
                deflated: compress(&mut deflate, html.as_bytes(), flush),
            });
        }
        Self {
            headers,
            pieces: compressed,
        }
    }

    pub(super) fn response(&self, nonce: &CspNonce, gzip: bool) -> Response<Body> {
        let nonce = nonce.as_str().as_bytes();
        let body = if gzip { self.gzip(nonce) } else { self.html(nonce) };
        let mut response = Response::new(Body::from(body));
        response.headers_mut().clone_from(&self.headers);
        if gzip {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    fn html(&self, nonce: &[u8]) -> Vec<u8> {
        let pieces: Vec<_> = self.pieces.iter().map(|piece| piece.html.as_bytes()).collect();
        pieces.join(nonce)
    }

    fn gzip(&self, nonce: &[u8]) -> Vec<u8> {
        let stored = [&STORED_NONCE, nonce].concat();
        let deflated: Vec<_> = self
            .pieces
            .iter()
            .map(|piece| piece.deflated.as_slice())
            .collect();
        let mut checksum = Hasher::new();
        let mut length = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                checksum.update(nonce);
                length += nonce.len();
            }
            checksum.update(piece.html.as_bytes());
            length += piece.html.len();
        }
        let mut member = GZIP_HEADER.to_vec();
        member.extend(deflated.join(stored.as_slice()));
        member.extend(checksum.finalize().to_le_bytes());
        member.extend((length as u32).to_le_bytes());
        member
    }
}

/// Compresses the next part of a stream up to a byte boundary, or to its end.
fn compress(stream: &mut Compress, input: &[u8], flush: FlushCompress) -> Vec<u8> {
    // Enough for any input: deflate stores what it cannot compress.
    let mut output = Vec::with_capacity(input.len() + input.len() / 8 + 64);
    // Fails only if the parameters are wrong, which are constants.
    let _ = stream.compress_vec(input, &mut output, flush);
    output
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn both_forms_are_the_page_with_its_nonces() {
        let words: Vec<_> = (0..900).map(|n| format!("<p>{}</p>", n * n % 97)).collect();
        let long = words.concat();
        let cases: [&[&str]; 5] = [
            &[""],
            &["<p>no nonce</p>"],
            &["", ""],
            &["<script nonce=", ">1</script><script nonce=", ">2</script>"],
            &[&long, &long, "<p>end</p>"],
        ];
        for pieces in cases {
            let page = Page::new(pieces, HeaderMap::new());
            let nonce = CspNonce::new();
            let html = pieces.join(nonce.as_str());
            assert_eq!(page.html(nonce.as_str().as_bytes()), html.as_bytes());
            let mut inflated = String::new();
            let gzip = page.gzip(nonce.as_str().as_bytes());
            GzDecoder::new(gzip.as_slice())
                .read_to_string(&mut inflated)
                .unwrap();
            assert_eq!(inflated, html);
        }
    }
}
