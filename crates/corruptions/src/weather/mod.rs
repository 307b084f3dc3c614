//! Weather: something is between the camera and the scene.

mod fog;
mod frost;
mod snow;
mod snow_magick;
mod spatter;
mod textures;

pub use fog::Fog;
pub use frost::Frost;
pub use snow::Snow;
pub use snow_magick::MagickSnow;
pub use spatter::Spatter;
pub use textures::FrostTextures;
