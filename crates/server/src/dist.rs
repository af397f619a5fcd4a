//! The built page, read into memory once: what is served is of one build, and no address can lead out of its folder.
//!
//! A packaged program carries the page (`build.rs`); any other reads a folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use axum::http::header::ACCEPT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};
use data_encoding::BASE64URL_NOPAD;
use habilitation::prerender::policy;
use habilitation_model::wire::PageConfig;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// File of the start page.
const INDEX: &str = "index.html";
/// File of the blank document in which this server draws its pages.
const SERVED: &str = "served.html";
/// File of the operator's settings for the page.
const CONFIG: &str = "config.json";

/// Files of the page that this program carries, by their path below `/`.
static CARRIED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/carried.rs"));

/// Folder of the page where neither a setting nor the program has one.
const FOLDER: &str = "dist";

/// There is no page to serve.
#[derive(Debug, Error)]
pub enum NoPage {
    /// The page was not built, or is elsewhere.
    #[error("--dist {}: there is no built page in this folder; `cargo xtask build` makes one", .0.display())]
    NotBuilt(PathBuf),
    /// A file cannot be read.
    #[error("--dist {}: {error}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// Cause.
        error: io::Error,
    },
}

/// The files of the page by their path below `/`.
pub(crate) struct Dist {
    files: BTreeMap<String, File>,
    /// Document without a page, in which this server draws its pages.
    blank: Option<String>,
}

/// File of the page, in each encoding that was built.
#[derive(Clone)]
pub(crate) struct File {
    plain: Body,
    brotli: Option<Body>,
    gzip: Option<Body>,
    /// Media type.
    pub(crate) content_type: &'static str,
    /// Content security policy of a document; other files need none of their own.
    pub(crate) policy: Option<HeaderValue>,
    /// Marks a name that changes with the contents.
    pub(crate) immutable: bool,
}

/// Contents in one encoding.
#[derive(Clone)]
pub(crate) struct Body {
    /// The bytes.
    pub(crate) bytes: Bytes,
    /// Entity tag, between quotes.
    pub(crate) tag: String,
    /// Value of `Content-Encoding`; none if the bytes are the file's own.
    pub(crate) encoding: Option<&'static str>,
}

impl Body {
    fn new(bytes: Bytes, encoding: Option<&'static str>) -> Self {
        let digest = BASE64URL_NOPAD.encode(&Sha256::digest(&bytes)[..16]);
        Self { bytes, tag: format!("\"{digest}\""), encoding }
    }
}

impl Dist {
    /// Reads a folder, or the page that this program carries. The settings of the operator take the place of its `config.json`.
    pub(crate) fn read(folder: Option<&Path>, config: &PageConfig) -> Result<Self, NoPage> {
        if folder.is_none() && !CARRIED.is_empty() {
            let files = CARRIED.iter().map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)));
            return Self::of(Path::new("carried"), files.collect(), config);
        }
        let folder = folder.unwrap_or(Path::new(FOLDER));
        if !folder.join(INDEX).is_file() {
            return Err(NoPage::NotBuilt(folder.to_owned()));
        }
        let mut bytes = BTreeMap::new();
        collect(folder, "", &mut bytes).map_err(|error| NoPage::Unreadable { folder: folder.to_owned(), error })?;
        Self::of(folder, bytes, config)
    }

    /// Returns the number of files.
    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    fn of(folder: &Path, mut bytes: BTreeMap<String, Bytes>, config: &PageConfig) -> Result<Self, NoPage> {
        let unreadable = |error| NoPage::Unreadable { folder: folder.to_owned(), error };
        // The copy for static hosting and its compressed forms are left out.
        bytes.retain(|name, _| !name.starts_with(CONFIG));
        let config = serde_json::to_vec(config).map_err(|error| unreadable(error.into()))?;
        bytes.insert(CONFIG.to_owned(), config.into());
        let blank = bytes.remove(SERVED).map(|bytes| String::from_utf8(bytes.into())).transpose();
        let blank = blank.map_err(|error| unreadable(io::Error::other(error)))?;
        if blank.is_some() {
            // The page of static hosts is left out.
            bytes.retain(|name, _| !name.starts_with(INDEX) && !name.starts_with(SERVED));
        }
        let (packed, plain): (BTreeMap<_, _>, BTreeMap<_, _>) =
            bytes.into_iter().partition(|(name, _)| name.ends_with(".br") || name.ends_with(".gz"));
        let mut packed = packed;
        let files = plain.into_iter().map(|(name, bytes)| {
            let document = Some(&bytes).filter(|_| name.ends_with(".html")).map(|bytes| String::from_utf8_lossy(bytes));
            let file = File {
                policy: document.and_then(|document| HeaderValue::from_str(&policy(&document)).ok()),
                plain: Body::new(bytes, None),
                brotli: packed.remove(&format!("{name}.br")).map(|bytes| Body::new(bytes, Some("br"))),
                gzip: packed.remove(&format!("{name}.gz")).map(|bytes| Body::new(bytes, Some("gzip"))),
                content_type: content_type(&name),
                immutable: is_hashed(&name),
            };
            (name, file)
        });
        Ok(Self { files: files.collect(), blank })
    }

    /// Returns the document without a page, if the build has one: without, `index.html` is served as it is.
    pub(crate) fn blank(&self) -> Option<&str> {
        self.blank.as_deref()
    }

    /// Returns the file at a path; the start page stands at `/`.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        let name = path.strip_prefix('/')?;
        self.files.get(if name.is_empty() { INDEX } else { name })
    }
}

impl File {
    /// Returns the file of a page that was drawn, compressed with brotli of a quality up to 11.
    pub(crate) fn page(html: String, policy: Option<HeaderValue>, quality: u32) -> Self {
        let page = Self {
            policy,
            plain: Body::new(html.into(), None),
            brotli: None,
            gzip: None,
            content_type: content_type(INDEX),
            immutable: false,
        };
        page.compressed(quality)
    }

    /// Returns the same file, compressed with brotli of a quality up to 11 and in no other way.
    pub(crate) fn compressed(&self, quality: u32) -> Self {
        let packed = compressed(&self.plain.bytes, quality);
        Self { brotli: Some(Body::new(packed.into(), Some("br"))), gzip: None, ..self.clone() }
    }

    /// Returns the smallest form that the client accepts (RFC 9110, section 12.5.3).
    pub(crate) fn body(&self, headers: &HeaderMap) -> &Body {
        let packed = [self.brotli.as_ref(), self.gzip.as_ref()].into_iter().flatten();
        let taken = packed.filter(|body| body.encoding.is_some_and(|encoding| accepts(headers, encoding)));
        taken.min_by_key(|body| body.bytes.len()).unwrap_or(&self.plain)
    }
}

/// Compresses bytes with brotli.
fn compressed(bytes: &[u8], quality: u32) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, quality, 20);
    // Writing to memory never fails.
    let _ = writer.write_all(bytes);
    drop(writer);
    packed
}

/// Returns whether a client accepts an encoding, by name and with a weight above zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|choice| {
        let (name, weight) = choice.split_once(';').unwrap_or((choice, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_some_and(|weight| weight > 0.0)
    })
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Bytes>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(|name| format!("{prefix}{name}")) else { continue };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// Returns whether Trunk put a hash of the contents into the name, as in `page-0123456789abcdef_bg.wasm`. Trunk leaves out
/// leading zeros.
fn is_hashed(name: &str) -> bool {
    let stem = name.rsplit('/').next().unwrap_or(name).split('.').next().unwrap_or_default();
    // The parts of a program share a hash: what stands after it tells them apart.
    let hash = stem.rsplit('-').next().and_then(|end| end.split('_').next()).unwrap_or_default();
    (12..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) && stem.contains('-')
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dist(files: &[(&str, &str)]) -> Result<Dist, NoPage> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Dist::read(Some(folder.path()), &PageConfig::default())
    }

    #[test]
    fn a_folder_without_a_page_is_refused_with_what_to_do() {
        let error = dist(&[("main.js", "")]).err().unwrap().to_string();
        assert!(error.contains("cargo xtask build"), "{error}");
    }

    #[test]
    fn only_files_of_the_folder_have_an_address() {
        let dist = dist(&[("index.html", "<p>"), ("demo/portal.html", "<p>")]).unwrap();
        for path in ["/", "/index.html", "/demo/portal.html", "/config.json"] {
            assert!(dist.file(path).is_some(), "{path}");
        }
        for path in
            ["", "//", "/demo", "/demo/", "/../index.html", "/demo/../index.html", "/%69ndex.html", "/index.html.br"]
        {
            assert!(dist.file(path).is_none(), "{path}");
        }
    }

    #[test]
    fn the_operators_words_stand_in_place_of_a_static_copy() {
        let dist =
            dist(&[("index.html", ""), ("config.json", "{\"api\":\"elsewhere\"}"), ("config.json.br", "x")]).unwrap();
        let file = dist.file("/config.json").unwrap();
        let config: PageConfig = serde_json::from_slice(&file.plain.bytes).unwrap();
        assert_eq!(config, PageConfig::default());
        assert!(file.brotli.is_none());
    }

    #[test]
    fn pages_that_the_server_draws_stand_in_place_of_the_one_for_static_hosts() {
        let blank = "<title></title><style>a{}</style><div id=\"shell\"></div><script>run()</script>";
        let files =
            [("index.html", "static"), ("index.html.gz", "gz"), ("served.html", blank), ("served.html.br", "b")];
        let copies = [("copy/index.html", "static copy"), ("copy/served.html", "served copy")];
        let dist = dist(&[&files[..], &copies].concat()).unwrap();
        for path in ["/", "/index.html", "/served.html", "/index.html.gz"] {
            assert!(dist.file(path).is_none(), "{path}");
        }
        assert_eq!(dist.blank(), Some(blank));
        assert_eq!(
            &dist.file("/copy/index.html").unwrap().plain.bytes[..],
            b"static copy",
            "a copy is no page of ours"
        );
    }

    #[test]
    fn the_smallest_form_that_is_asked_for_is_served() {
        let dist = dist(&[("index.html", "plain text"), ("index.html.br", "b"), ("index.html.gz", "gz")]).unwrap();
        for (accepted, encoding) in [
            ("", None),
            ("gzip", Some("gzip")),
            ("gzip, deflate, br, zstd", Some("br")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("BR", Some("br")),
            ("brotli", None),
            ("br;q=0", None),
        ] {
            let headers = [(ACCEPT_ENCODING, HeaderValue::from_static(accepted))].into_iter().collect();
            assert_eq!(dist.file("/").unwrap().body(&headers).encoding, encoding, "{accepted}");
        }
    }

    #[test]
    fn names_with_a_hash_never_change() {
        for name in [
            "habilitation-0123456789abcdef.js",
            "a/habilitation-0123456789abcdef_bg.wasm",
            "habilitation-0123456789abcdef_rest.wasm",
            "icon-dd5b56fd7afd0d7.svg",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "embed.js", "0123456789abcdef.js", "snippet-abcdef.js", "habilitation_bg.wasm"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
