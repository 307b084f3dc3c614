//! The fenced blocks of the workspace's Markdown files.

use std::path::{Path, PathBuf};

/// One fenced block.
pub(crate) struct Block {
    /// The file, below the workspace's folder.
    pub(crate) file: PathBuf,
    /// The line of the fence that opens it, from 1.
    pub(crate) line: usize,
    /// What stands behind the opening fence, such as `sh` or `sh no_run needs a GPU`.
    pub(crate) info: String,
    /// The lines between the fences.
    pub(crate) text: String,
}

impl Block {
    /// `README.md:12`, for messages.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }

    /// Whether it is a shell block, to be run or not.
    #[allow(dead_code, reason = "two test programs share this file")]
    pub(crate) fn is_shell(&self) -> bool {
        self.info.split(' ').next() == Some("sh")
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).expect("the crate is in the workspace").to_path_buf()
}

/// Every Markdown file of the workspace, sorted.
pub(crate) fn documents() -> Vec<PathBuf> {
    let root = root();
    let (mut open, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // Links and what is built or measured are not documents of ours.
            let ours = !name.starts_with('.') && !["target", "runs", "shared"].contains(&name.as_str());
            if ours && path.is_dir() && !path.is_symlink() {
                open.push(path);
            } else if ours && name.ends_with(".md") {
                found.push(path.strip_prefix(&root).expect("below the root").to_path_buf());
            }
        }
    }
    found.sort();
    found
}

/// The blocks of one document, in order.
pub(crate) fn blocks(file: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(root().join(file)).expect("a document");
    let (mut found, mut open) = (Vec::new(), None::<Block>);
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(info), None) => {
                let (info, file) = (info.trim().to_string(), file.to_path_buf());
                open = Some(Block { file, line: number + 1, info, text: String::new() });
            }
            (Some(_), Some(block)) => found.push(block),
            (None, Some(mut block)) => {
                block.text += line;
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block is not closed", file.display());
    found
}
