#pragma once

// The table of numeric kernels. This header is included by files that are compiled for newer
// processors than the rest of the program, so it holds declarations and plain data only: an inline
// function here could be compiled with AVX and then be picked by the linker for everyone.

#include <cstddef>
#include <cstdint>

namespace topograph::kernels {

/// Rows are packed in panels of 32: value t of row r of a panel lies at panel[t * 32 + r].
inline constexpr std::size_t panel_rows = 32;
/// Rows of the left operand that one call of `scan_panel` handles; it divides `panel_rows`.
inline constexpr std::size_t scan_rows = 8;

/// One 8 x 32 tile of half squared distances, value[r][c] = a_half[r] - (dot(a_r, b_c) -
/// b_half[c]), compared with a limit of each row and of each column as soon as it is computed.
struct PanelScan {
  const float* a = nullptr;         ///< First of 8 adjacent rows in their panel (stride 32).
  const float* b = nullptr;         ///< A whole panel, 64-byte aligned.
  std::size_t depth = 0;            ///< Values in a row.
  const float* a_half = nullptr;    ///< (8) half squared norms.
  const float* b_half = nullptr;    ///< (32)
  const float* a_limit = nullptr;   ///< (8) value <= limit is a hit of the row.
  const float* b_limit = nullptr;   ///< (32) value <= limit is a hit of the column.
  float* values = nullptr;          ///< Out (8, 32), 64-byte aligned; written when there is a hit.
  std::uint32_t* a_hits = nullptr;  ///< Out (8): bit c of entry r.
  std::uint32_t* b_hits = nullptr;  ///< Out (8): bit c of entry r.
};

/// Centers are packed in panels of 16: value t of center c of a panel lies at panel[t * 16 + c].
inline constexpr std::size_t center_columns = 16;
/// Rows that one call of `scan_centers` handles.
inline constexpr std::size_t center_rows = 8;

/// The two nearest centers of 8 rows by the score half[c] - dot(row, c): half the squared distance
/// less half the row's squared norm. Equal scores: the center with the smaller number first.
struct CenterScan {
  const float* const* rows = nullptr;  ///< (8) rows of `depth` values; they may repeat.
  const float* centers = nullptr;      ///< n_panels panels, 64-byte aligned.
  const float* half = nullptr;         ///< (16 n_panels) half squared norms; infinite: no center.
  std::size_t depth = 0;
  std::size_t n_panels = 0;
  float* best = nullptr;            ///< Out (8): the lowest score.
  std::int32_t* nearest = nullptr;  ///< Out (8): its center.
  float* second = nullptr;          ///< Out (8): the lowest score of another center.
  float* dots = nullptr;            ///< Out (8, 16 n_panels), 64-byte aligned; null: not wanted.
};

/// Products of 8 rows with a panel of 16 columns: out[r][c] = sum over t of row_r[t] *
/// panel[t * 16 + c], in the order of t.
struct PanelProducts {
  const double* const* rows = nullptr;  ///< (8) rows of `depth` values; they may repeat.
  const double* panel = nullptr;        ///< 64-byte aligned.
  std::size_t depth = 0;
  double* out = nullptr;  ///< Out (8, 16), 64-byte aligned.
  /// The last 8 columns may be left out when fewer than 9 are wanted.
  std::size_t n_columns = center_columns;
};

/// A row in float64 relative to an origin, and its squares.
struct WideRow {
  const float* values = nullptr;   ///< (n)
  const double* origin = nullptr;  ///< (n)
  std::size_t n = 0;
  double* moved = nullptr;    ///< Out (n): values - origin.
  double* squares = nullptr;  ///< Out (n): their squares; null: not wanted.
};

/// Rows of a table added to sums: sum[j] += sum over i of weights[i] * table[rows[i] * stride + j].
struct DoubleRowSum {
  const std::int32_t* rows = nullptr;
  const double* weights = nullptr;
  std::size_t n_rows = 0;
  std::size_t stride = 0;
  std::size_t n_columns = 0;
  double* sum = nullptr;
};

/// Rows of a table added up: sum[j] = sum over i of weights[i] * table[rows[i] * stride + j].
struct RowSum {
  const std::int32_t* rows = nullptr;  ///< (n_rows) row numbers of the table, in order of addition.
  const float* weights = nullptr;      ///< (n_rows); null: ones.
  std::size_t n_rows = 0;
  std::size_t stride = 0;  ///< Values from one row of the table to the next.
  std::size_t n_columns = 0;
  double* sum = nullptr;  ///< Out (n_columns).
};

struct LayoutKernel;

struct KernelTable {
  const char* name = nullptr;
  /// True when the tile has a hit. Dot products are float32 sums in the order of t, with or without
  /// fused multiply-add: within (depth + 1) * 2^-24 * |a| * |b| of the true value.
  bool (*scan_panel)(const PanelScan& scan) = nullptr;
  /// The same bits on every instruction set: float64, term t is added to partial sum t mod 8, the
  /// partial sums s are combined as ((s0+s4)+(s2+s6)) + ((s1+s5)+(s3+s7)).
  double (*dot)(const float* x, const float* y, std::size_t n) = nullptr;
  double (*squared_distance)(const float* x, const float* y, std::size_t n) = nullptr;
  /// The same bits on every instruction set: float32 products, added in float64 in the order of i.
  void (*sum_rows_f32)(const float* table, const RowSum& request) = nullptr;
  void (*sum_rows_i8)(const std::int8_t* table, const RowSum& request) = nullptr;
  /// Dot products are float32 sums in the order of t, with or without fused multiply-add, so a row
  /// has the same bits in any company: within (depth + 1) * 2^-24 * |row| * |center|.
  void (*scan_centers)(const CenterScan& scan) = nullptr;
  /// With or without fused multiply-add; a row has the same bits in any company.
  void (*multiply_panel)(const PanelProducts& products) = nullptr;
  /// The same bits on every instruction set, float64, added column by column. Squared distances
  /// from `query` to two boxes; box: for each column low of the first, low of the second, high of
  /// the first, high of the second. Out (2).
  void (*box_pair)(const double* box, const double* query, std::size_t n_columns,
                   double* out) = nullptr;
  /// The same bits likewise: squared distances from `query` to n_points, given column after column.
  /// Out (n_points).
  void (*column_distances)(const double* values, const double* query, std::size_t n_points,
                           std::size_t n_columns, double* out) = nullptr;
  const LayoutKernel* layout = nullptr;  ///< kernels/layout.hpp
  /// The same bits likewise: replaces values <= 0 by their exp, within 2 units in the last place;
  /// what is below -708 (or no number) by 0.
  void (*exponentials)(double* values, std::size_t n) = nullptr;
  /// The same bits likewise.
  void (*widen_row)(const WideRow& row) = nullptr;
  /// The same bits likewise: terms are added in the order of i.
  void (*add_rows)(const double* table, const DoubleRowSum& request) = nullptr;
};

enum class Isa : std::uint8_t { scalar, avx2, avx512 };

/// The kernels of one instruction set; null when this processor or this build lacks it.
[[nodiscard]] const KernelTable* table_for(Isa isa);

/// The kernels in use, chosen once.
[[nodiscard]] const KernelTable& active();

namespace scalar {
extern const KernelTable table;
}
namespace avx2 {
extern const KernelTable table;
}
namespace avx512 {
extern const KernelTable table;
}

}  // namespace topograph::kernels
