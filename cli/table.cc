#include "cli/table.h"

#include <algorithm>
#include <cstddef>
#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/printable.h"

namespace signet {
namespace {

std::string CellText(const std::string& cell) {
  return cell.empty() ? "-" : Printable(cell);
}

}  // namespace

void PrintTable(const std::vector<TableRow>& rows) {
  std::vector<size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], CellText(row[i]).size());
    }
  }
  for (const TableRow& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string cell = CellText(row[i]);
      absl::StrAppend(&line, cell,
                      std::string(widths[i] - cell.size() + 2, ' '));
    }
    absl::StripTrailingAsciiWhitespace(&line);
    std::cout << line << "\n";
  }
}

}  // namespace signet
