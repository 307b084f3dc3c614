//! Suites that take pictures of one size only.

/// The only view that a suite takes, or none where it takes every view.
///
/// `imagenet_c` is defined for pictures of 224 x 224 pixels alone.
pub fn only_view(suite: &str) -> Option<&'static str> {
    (suite == "imagenet_c").then_some("squash:224")
}
