#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"

namespace topograph::kernels::scalar {
namespace {

bool scan_panel(const PanelScan& scan) {
  std::uint32_t any = 0;
  for (std::size_t r = 0; r < scan_rows; ++r) {
    float sums[panel_rows] = {};
    for (std::size_t t = 0; t < scan.depth; ++t) {
      const float x = scan.a[t * panel_rows + r];
      const float* y = scan.b + t * panel_rows;
      for (std::size_t c = 0; c < panel_rows; ++c) sums[c] += x * y[c];
    }
    std::uint32_t row_hits = 0;
    std::uint32_t column_hits = 0;
    for (std::size_t c = 0; c < panel_rows; ++c) {
      const float value = scan.a_half[r] - (sums[c] - scan.b_half[c]);
      scan.values[r * panel_rows + c] = value;
      row_hits |= (value <= scan.a_limit[r] ? 1U : 0U) << c;
      column_hits |= (value <= scan.b_limit[c] ? 1U : 0U) << c;
    }
    scan.a_hits[r] = row_hits;
    scan.b_hits[r] = column_hits;
    any |= row_hits | column_hits;
  }
  return any != 0;
}

double combine(const double* s) {
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

double dot(const float* x, const float* y, std::size_t n) {
  double sums[8] = {};
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      sums[lane] += static_cast<double>(x[t + lane]) * static_cast<double>(y[t + lane]);
    }
  }
  for (std::size_t lane = 0; t + lane < n; ++lane) {
    sums[lane] += static_cast<double>(x[t + lane]) * static_cast<double>(y[t + lane]);
  }
  return combine(sums);
}

double squared_distance(const float* x, const float* y, std::size_t n) {
  double sums[8] = {};
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    for (std::size_t lane = 0; lane < 8; ++lane) {
      const double gap = static_cast<double>(x[t + lane]) - static_cast<double>(y[t + lane]);
      sums[lane] += gap * gap;
    }
  }
  for (std::size_t lane = 0; t + lane < n; ++lane) {
    const double gap = static_cast<double>(x[t + lane]) - static_cast<double>(y[t + lane]);
    sums[lane] += gap * gap;
  }
  return combine(sums);
}

template <class Value>
void sum_rows(const Value* values, const RowSum& request) {
  for (std::size_t j = 0; j < request.n_columns; ++j) request.sum[j] = 0;
  for (std::size_t i = 0; i < request.n_rows; ++i) {
    const Value* row = values + static_cast<std::size_t>(request.rows[i]) * request.stride;
    const float weight = request.weights == nullptr ? 1.0F : request.weights[i];
    for (std::size_t j = 0; j < request.n_columns; ++j) {
      request.sum[j] += static_cast<double>(weight * static_cast<float>(row[j]));
    }
  }
}

void scan_centers(const CenterScan& scan) {
  for (std::size_t r = 0; r < center_rows; ++r) {
    float best = __builtin_inff();
    float second = __builtin_inff();
    std::int32_t nearest = 0;
    for (std::size_t p = 0; p < scan.n_panels; ++p) {
      const float* panel = scan.centers + p * scan.depth * center_columns;
      float sums[center_columns] = {};
      for (std::size_t t = 0; t < scan.depth; ++t) {
        const float x = scan.rows[r][t];
        for (std::size_t c = 0; c < center_columns; ++c)
          sums[c] += x * panel[t * center_columns + c];
      }
      for (std::size_t c = 0; c < center_columns; ++c) {
        const std::size_t center = p * center_columns + c;
        const float score = scan.half[center] - sums[c];
        if (scan.dots != nullptr) scan.dots[(r * scan.n_panels + p) * center_columns + c] = sums[c];
        if (score < best) {
          second = best;
          best = score;
          nearest = static_cast<std::int32_t>(center);
        } else if (score < second) {
          second = score;
        }
      }
    }
    scan.best[r] = best;
    scan.nearest[r] = nearest;
    scan.second[r] = second;
  }
}

void multiply_panel(const PanelProducts& products) {
  for (std::size_t r = 0; r < center_rows; ++r) {
    double* sums = products.out + r * center_columns;
    for (std::size_t c = 0; c < center_columns; ++c) sums[c] = 0;
    for (std::size_t t = 0; t < products.depth; ++t) {
      const double x = products.rows[r][t];
      const double* panel = products.panel + t * center_columns;
      for (std::size_t c = 0; c < center_columns; ++c) sums[c] += x * panel[c];
    }
  }
}

double outside(double low, double high, double at) {
  const double below = low - at;
  const double above = at - high;
  const double most = below > above ? below : above;
  return most > 0 ? most : 0;
}

void box_pair(const double* box, const double* query, std::size_t n_columns, double* out) {
  double first = 0;
  double second = 0;
  for (std::size_t c = 0; c < n_columns; ++c, box += 4) {
    const double gap_first = outside(box[0], box[2], query[c]);
    const double gap_second = outside(box[1], box[3], query[c]);
    first += gap_first * gap_first;
    second += gap_second * gap_second;
  }
  out[0] = first;
  out[1] = second;
}

void column_distances(const double* values, const double* query, std::size_t n_points,
                      std::size_t n_columns, double* out) {
  for (std::size_t i = 0; i < n_points; ++i) out[i] = 0;
  for (std::size_t c = 0; c < n_columns; ++c, values += n_points) {
    for (std::size_t i = 0; i < n_points; ++i) {
      const double gap = values[i] - query[c];
      out[i] += gap * gap;
    }
  }
}

#include "kernels/double_lanes.inc"

}  // namespace

const KernelTable table = {"scalar",         scan_panel,      dot,
                           squared_distance, sum_rows<float>, sum_rows<std::int8_t>,
                           scan_centers,     multiply_panel,  box_pair,
                           column_distances, &layout,         exponentials,
                           widen_row,        add_rows};

}  // namespace topograph::kernels::scalar
