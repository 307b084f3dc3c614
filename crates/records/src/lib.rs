//! What crosses from measuring to reporting: keys, confusions, moments, the manifest and the store.
