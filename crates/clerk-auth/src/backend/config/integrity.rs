//! Subresource Integrity of clerk-js.

use std::{fs, path::Path};

use aws_lc_rs::digest::{SHA384, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Options;

impl Options {
    /// Pins the scripts of Clerk of which the application serves its own copy, [`clerk_js_url`](Self::clerk_js_url) and
    /// [`clerk_ui_url`](Self::clerk_ui_url): those whose URL is a path, and a file below `directory`. Browsers then run
    /// them only as they are now.
    ///
    /// ```
    /// # use clerk_auth::Options;
    /// # let directory = std::env::temp_dir().join(format!("clerk-auth-pin-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// std::fs::write(directory.join("clerk.browser.js"), "window.Clerk = {};")?;
    /// let mut options = Options::new("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k", "sk_live_example");
    /// options.clerk_js_url = Some("/clerk.browser.js".to_owned());
    /// options.pin_scripts(&directory);
    /// assert!(options.clerk_js_integrity.is_some_and(|integrity| integrity.starts_with("sha384-")));
    /// assert_eq!(options.clerk_ui_integrity, None);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn pin_scripts(&mut self, directory: &Path) {
        for (url, integrity) in [
            (&self.clerk_js_url, &mut self.clerk_js_integrity),
            (&self.clerk_ui_url, &mut self.clerk_ui_integrity),
        ] {
            let path = url.as_deref().and_then(|url| url.strip_prefix('/'));
            // A second slash begins a host.
            let path = path.filter(|path| !path.starts_with('/'));
            if let Some(script) = path.and_then(|path| fs::read(directory.join(path)).ok()) {
                let hash = STANDARD.encode(digest(&SHA384, &script));
                *integrity = Some(format!("sha384-{hash}"));
            }
        }
    }
}
