//! Files that a person chooses.

#[cfg(target_arch = "wasm32")]
pub use browser::File;
#[cfg(not(target_arch = "wasm32"))]
pub use stand_in::File;

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Array, Uint8Array};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Blob, FilePropertyBag};

    /// File of the browser.
    #[derive(Clone)]
    pub struct File(web_sys::File);

    impl From<web_sys::File> for File {
        fn from(file: web_sys::File) -> Self {
            Self(file)
        }
    }

    impl File {
        /// Returns the file for the browser's own interfaces.
        #[must_use]
        pub fn as_js(&self) -> Option<&web_sys::File> {
            Some(&self.0)
        }

        /// Returns the name.
        #[must_use]
        pub fn name(&self) -> String {
            self.0.name()
        }

        /// Returns the size in bytes.
        #[must_use]
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size in bytes")]
        pub fn size(&self) -> u64 {
            self.0.size() as u64
        }

        /// Reads the first bytes; none where the browser cannot read the file.
        pub async fn head(&self, length: usize) -> Option<Vec<u8>> {
            let end = i32::try_from(length).unwrap_or(i32::MAX);
            Some(bytes(self.0.slice_with_i32_and_i32(0, end).ok()?).await?.to_vec())
        }

        /// Returns whether the file is readable to its end: browsers refuse one that changed on disk since it was chosen.
        pub async fn is_readable(&self) -> bool {
            let end = self.0.size();
            let Ok(last) = self.0.slice_with_f64_and_f64((end - 1.0).max(0.0), end) else { return false };
            bytes(last).await.is_some_and(|bytes| bytes.length() == 1)
        }

        /// Returns the file with another media type.
        #[must_use]
        pub fn with_type(self, media_type: &str) -> Self {
            let options = FilePropertyBag::new();
            options.set_type(media_type);
            let parts = Array::of1(&self.0);
            web_sys::File::new_with_blob_sequence_and_options(&parts, &self.name(), &options).map_or(self, Self)
        }
    }

    async fn bytes(blob: Blob) -> Option<Uint8Array> {
        JsFuture::from(blob.array_buffer()).await.ok().map(|bytes| Uint8Array::new(&bytes))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod stand_in {
    use std::cell::Cell;
    use std::rc::Rc;

    /// File in memory.
    #[derive(Clone)]
    pub struct File {
        name: String,
        media_type: String,
        head: Vec<u8>,
        size: u64,
        is_readable: Rc<Cell<bool>>,
    }

    impl From<web_sys::File> for File {
        fn from(_: web_sys::File) -> Self {
            Self::new("", b"", 0)
        }
    }

    impl File {
        /// Returns a file of a name, with its first bytes and its size.
        #[must_use]
        pub fn new(name: &str, head: &[u8], size: u64) -> Self {
            let (name, head) = (name.to_owned(), head.to_vec());
            Self { name, media_type: String::new(), head, size, is_readable: Rc::new(Cell::new(true)) }
        }

        /// Changes the file on disk, after which it is not readable any more.
        pub fn change(&self) {
            self.is_readable.set(false);
        }

        /// Returns none: only a browser has such files.
        #[must_use]
        pub fn as_js(&self) -> Option<&web_sys::File> {
            None
        }

        /// Returns the name.
        #[must_use]
        pub fn name(&self) -> String {
            self.name.clone()
        }

        /// Returns the size in bytes.
        #[must_use]
        pub fn size(&self) -> u64 {
            self.size
        }

        /// Returns the media type.
        #[must_use]
        pub fn media_type(&self) -> &str {
            &self.media_type
        }

        /// Reads the first bytes; none once the file has changed.
        pub async fn head(&self, length: usize) -> Option<Vec<u8>> {
            self.is_readable.get().then(|| self.head.iter().copied().take(length).collect())
        }

        /// Returns whether the file is readable.
        pub async fn is_readable(&self) -> bool {
            self.is_readable.get()
        }

        /// Returns the file with another media type.
        #[must_use]
        pub fn with_type(self, media_type: &str) -> Self {
            Self { media_type: media_type.to_owned(), ..self }
        }
    }
}
