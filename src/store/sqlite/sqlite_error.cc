#include "store/sqlite/sqlite_error.h"

#include <sqlite3.h>

#include <string>

namespace qn::store {
namespace {

ErrorCode code_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return ErrorCode::kConflict;
  }
  switch (code & 0xff) {
    case SQLITE_INTERRUPT:  // only the deadline of a read interrupts
      return ErrorCode::kDeadline;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kUnavailable;
  }
  return ErrorCode::kInternal;
}

}  // namespace

Error sqlite_error(int code, std::string_view message) {
  return {code_of(code), {}, "sqlite " + std::to_string(code) + ": " + std::string(message)};
}

}  // namespace qn::store
