//! Brings the tables of a store that an earlier version made to the newest one, before it is written.

use super::checksum::COLUMN;
use super::schema::{self, VERSION};
use super::{Store, check, sql};
use crate::Result;

impl Store {
    /// Adds the tables and columns that the store lacks. The rows that are there get no checksum: nobody knows whether they
    /// are still what was written.
    pub(super) fn upgrade(&mut self) -> Result<()> {
        if self.version == VERSION {
            return Ok(());
        }
        let path = self.path.clone();
        let at = sql::at(&path);
        let tx = self.db.transaction().map_err(&at)?;
        for table in schema::LATER {
            if !schema::has(&tx, table).map_err(&at)? {
                tx.execute_batch(schema::create(table)).map_err(&at)?;
            }
        }
        for table in schema::tables() {
            if !check::has_column(&tx, table, COLUMN).map_err(&at)? {
                let add = format!("ALTER TABLE {table} ADD COLUMN {COLUMN} INTEGER");
                tx.execute_batch(&add).map_err(&at)?;
            }
        }
        tx.pragma_update(None, "user_version", VERSION).map_err(&at)?;
        tx.commit().map_err(&at)?;
        self.version = VERSION;
        Ok(())
    }
}
