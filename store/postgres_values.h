#ifndef SIGNET_STORE_POSTGRES_VALUES_H_
#define SIGNET_STORE_POSTGRES_VALUES_H_

#include <postgresql/libpq-fe.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {

// PostgresParameter is a value that travels beside a statement, never in it.
struct PostgresParameter {
  enum class Format { kText = 0, kBinary = 1 };

  static PostgresParameter Number(int64_t number);
  static PostgresParameter Text(absl::string_view text);
  static PostgresParameter Bytes(const std::string& bytes);

  std::string value;
  Format format;
};

// PostgresArray is a parameter of many values of one kind: an INT8[], BYTEA[]
// or TEXT[].
class PostgresArray {
 public:
  void Add(int64_t number);
  void Add(const std::string& bytes);
  // AddName adds a name of ours, of letters, digits and underscores.
  void AddName(absl::string_view name);

  PostgresParameter Finish() &&;

 private:
  std::string text_ = "{";
};

// PostgresStatement is one SQL statement with its parameters ($1, $2...).
struct PostgresStatement {
  const char* sql;
  std::vector<PostgresParameter> parameters = {};
};

// PostgresRow is a row of a result in binary format.
class PostgresRow {
 public:
  // `result` must outlive it.
  PostgresRow(const PGresult* result, int row) : result_(result), row_(row) {}

  // Int reads an INT8, and Bytes a BYTEA or TEXT. Columns count from 0.
  int64_t Int(int column) const;
  absl::string_view Bytes(int column) const;
  bool IsNull(int column) const;

 private:
  const PGresult* result_;
  int row_;
};

}  // namespace signet

#endif  // SIGNET_STORE_POSTGRES_VALUES_H_
