-- The tables of a run's store; FORMAT.md at the top of the repository explains them.
CREATE TABLE manifest (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    json     TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;

CREATE TABLE pictures (
    place          INTEGER PRIMARY KEY,
    image          TEXT NOT NULL UNIQUE,
    picture_sha256 TEXT NOT NULL,
    label_sha256   TEXT NOT NULL,
    checksum       INTEGER NOT NULL
) STRICT;

CREATE TABLE series (
    id       INTEGER PRIMARY KEY,
    model    TEXT NOT NULL,
    seed     INTEGER NOT NULL,
    mode     TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    UNIQUE (model, seed, mode)
) STRICT;

CREATE TABLE inputs (
    id         INTEGER PRIMARY KEY,
    image      TEXT NOT NULL,
    corruption TEXT NOT NULL,
    severity   INTEGER NOT NULL,
    seed       INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    checksum   INTEGER NOT NULL,
    UNIQUE (image, corruption, severity)
) STRICT;

CREATE INDEX inputs_by_condition ON inputs (corruption, severity);

CREATE TABLE moved_labels (
    input    INTEGER PRIMARY KEY REFERENCES inputs (id),
    sha256   TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;

CREATE TABLE confusions (
    input    INTEGER NOT NULL REFERENCES inputs (id),
    series   INTEGER NOT NULL REFERENCES series (id),
    cells    BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (input, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE moments (
    series     INTEGER NOT NULL REFERENCES series (id),
    corruption TEXT NOT NULL,
    severity   INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    images     INTEGER NOT NULL,
    sums       BLOB NOT NULL,
    checksum   INTEGER NOT NULL,
    PRIMARY KEY (series, corruption, severity, block)
) STRICT;

CREATE TABLE cross_moments (
    series     INTEGER NOT NULL REFERENCES series (id),
    corruption TEXT NOT NULL,
    severity   INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    images     INTEGER NOT NULL,
    sums       BLOB NOT NULL,
    checksum   INTEGER NOT NULL,
    PRIMARY KEY (series, corruption, severity, block)
) STRICT;

CREATE TABLE calibration (
    input       INTEGER NOT NULL REFERENCES inputs (id),
    series      INTEGER NOT NULL REFERENCES series (id),
    probability TEXT NOT NULL,
    pixels      INTEGER NOT NULL,
    squares     REAL NOT NULL,
    bins        BLOB NOT NULL,
    checksum    INTEGER NOT NULL,
    PRIMARY KEY (input, series, probability)
) STRICT, WITHOUT ROWID;

CREATE TABLE non_distinctiveness (
    input    INTEGER NOT NULL REFERENCES inputs (id),
    series   INTEGER NOT NULL REFERENCES series (id),
    pixels   INTEGER NOT NULL,
    joint    REAL NOT NULL,
    pairwise REAL NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (input, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE panels (
    input    INTEGER PRIMARY KEY REFERENCES inputs (id),
    picture  BLOB NOT NULL,
    label    BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;

CREATE TABLE panel_predictions (
    input      INTEGER NOT NULL REFERENCES panels (input),
    series     INTEGER NOT NULL REFERENCES series (id),
    prediction BLOB NOT NULL,
    checksum   INTEGER NOT NULL,
    PRIMARY KEY (input, series)
) STRICT;

CREATE TABLE further_inputs (
    id          INTEGER PRIMARY KEY,
    master_seed INTEGER NOT NULL,
    image       TEXT NOT NULL,
    corruption  TEXT NOT NULL,
    severity    INTEGER NOT NULL,
    seed        INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    checksum    INTEGER NOT NULL,
    UNIQUE (master_seed, image, corruption, severity)
) STRICT;

CREATE TABLE further_confusions (
    input    INTEGER NOT NULL REFERENCES further_inputs (id),
    series   INTEGER NOT NULL REFERENCES series (id),
    cells    BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (input, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE temperature_sweeps (
    series     INTEGER NOT NULL REFERENCES series (id),
    corruption TEXT NOT NULL,
    severity   INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    images     INTEGER NOT NULL,
    sums       BLOB NOT NULL,
    checksum   INTEGER NOT NULL,
    PRIMARY KEY (series, corruption, severity, block)
) STRICT;

-- The same confusions with names instead of numbers, for readers.
CREATE VIEW results AS
SELECT series.model, series.seed, series.mode, inputs.corruption, inputs.severity, inputs.image, confusions.cells
FROM confusions
JOIN series ON series.id = confusions.series
JOIN inputs ON inputs.id = confusions.input;
