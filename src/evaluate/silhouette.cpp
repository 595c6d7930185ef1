#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "evaluate/cluster_rows.hpp"
#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/evaluate/separation.hpp"

// Rows are sorted by cluster and packed in panels of 16 columns of one cluster each, so that the
// distances of a panel add up to one number a row. Products are float64 of rows around their mean.
namespace topograph {
namespace {

constexpr std::size_t kColumns = kernels::center_columns;
constexpr std::size_t kRows = kernels::center_rows;

struct Panel {
  std::size_t cluster = 0;
  std::size_t first = 0;  ///< Position of its first row.
  std::size_t count = 0;
};

class Packed {
 public:
  Packed(MatrixView<const float> x, const detail::ClusterRows& clusters, Metric metric)
      : metric_(metric), depth_(x.cols()) {
    for (std::size_t c = 0; c < clusters.size(); ++c) {
      for (std::size_t i = 0; i < clusters[c].size(); i += kColumns) {
        panels_.push_back({c, order_.size() + i, std::min(kColumns, clusters[c].size() - i)});
      }
      order_.insert(order_.end(), clusters[c].begin(), clusters[c].end());
      cluster_.insert(cluster_.end(), clusters[c].size(), c);
      sizes_.push_back(static_cast<double>(clusters[c].size()));
    }
    copy_rows(x);
    values_ = Matrix<double>(panels_.size(), depth_ * kColumns);
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      for (std::size_t i = 0; i < panels_[p].count; ++i) {
        const auto row = rows_.row(panels_[p].first + i);
        for (std::size_t t = 0; t < depth_; ++t) values_[p, t * kColumns + i] = row[t];
      }
    }
  }

  [[nodiscard]] std::size_t size() const { return order_.size(); }
  [[nodiscard]] std::size_t row(std::size_t position) const { return idx(order_[position]); }

  /// Sums of the distances from positions [begin, end) to the rows of every cluster.
  void sums(std::size_t begin, std::size_t end, Matrix<double>& out) const {
    std::array<const double*, kRows> pointers{};
    Matrix<double> products(kRows, kColumns);
    // A panel is read from memory once for all the rows, which stay in the cache.
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      for (std::size_t first = begin; first < end; first += kRows) {
        const std::size_t count = std::min(kRows, end - first);
        for (std::size_t r = 0; r < kRows; ++r) {
          pointers[r] = rows_.row(first + std::min(r, count - 1)).data();
        }
        kernels::active().multiply_panel(
            {pointers.data(), values_.row(p).data(), depth_, products.data()});
        for (std::size_t r = 0; r < count; ++r) {
          out[first + r - begin, panels_[p].cluster] +=
              panel_sum(panels_[p], first + r, products.row(r));
        }
      }
    }
  }

  [[nodiscard]] double silhouette(std::size_t position, std::span<const double> sums) const {
    const std::size_t own = cluster_[position];
    if (sizes_[own] < 2) return 0;
    const double a = sums[own] / (sizes_[own] - 1);
    double b = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < sums.size(); ++c) {
      if (c != own) b = std::min(b, sums[c] / sizes_[c]);
    }
    const double larger = std::max(a, b);
    return larger > 0 ? (b - a) / larger : 0;
  }

  [[nodiscard]] std::size_t n_clusters() const { return sizes_.size(); }

 private:
  void copy_rows(MatrixView<const float> x) {
    rows_ = Matrix<double>(order_.size(), depth_);
    std::vector<double> mean(depth_, 0.0);
    for (std::size_t i = 0; i < order_.size() && metric_ == Metric::euclidean; ++i) {
      for (std::size_t t = 0; t < depth_; ++t) {
        mean[t] += static_cast<double>(x[idx(order_[i]), t]) / static_cast<double>(order_.size());
      }
    }
    for (std::size_t i = 0; i < order_.size(); ++i) {
      double squared = 0;
      for (std::size_t t = 0; t < depth_; ++t) {
        rows_[i, t] = static_cast<double>(x[idx(order_[i]), t]) - mean[t];
        squared += rows_[i, t] * rows_[i, t];
      }
      squared_.push_back(squared);
      if (metric_ != Metric::cosine || squared == 0) continue;
      for (double& value : rows_.row(i)) value /= std::sqrt(squared);
    }
  }

  [[nodiscard]] double panel_sum(const Panel& panel, std::size_t position,
                                 std::span<const double> products) const {
    std::array<double, kColumns> distance{};
    for (std::size_t i = 0; i < panel.count; ++i) {
      if (metric_ == Metric::cosine) {
        distance[i] = std::clamp(1 - products[i], 0.0, 2.0);
      } else {
        distance[i] = std::sqrt(
            std::max(0.0, squared_[position] + squared_[panel.first + i] - 2 * products[i]));
      }
    }
    if (position >= panel.first && position < panel.first + panel.count) {
      distance[position - panel.first] = 0;  // exactly, whatever rounding says
    }
    return std::accumulate(distance.begin(), distance.end(), 0.0);
  }

  Metric metric_;
  std::size_t depth_;
  std::vector<Panel> panels_ = {};
  std::vector<std::int32_t> order_ = {};
  std::vector<std::size_t> cluster_ = {};
  std::vector<double> sizes_ = {};
  std::vector<double> squared_ = {};
  Matrix<double> rows_ = {};
  Matrix<double> values_ = {};
};

}  // namespace

Result<std::vector<double>> silhouettes(MatrixView<const float> x,
                                        std::span<const std::int32_t> labels, Metric metric,
                                        RunContext& run) {
  constexpr std::size_t grain = 64;
  TG_TRY(const auto clusters, detail::rows_of_clusters(x, labels, "silhouette", run));
  const Packed packed(x, clusters, metric);
  std::vector<double> out(x.rows(), 0.0);
  Stage stage(run, "silhouette", packed.size());
  TG_TRY(parallel_blocks(run, packed.size(), grain, [&](const Block& block) {
    Matrix<double> sums(block.end - block.begin, packed.n_clusters());
    packed.sums(block.begin, block.end, sums);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      out[packed.row(i)] = packed.silhouette(i, sums.row(i - block.begin));
    }
    stage.advance(block.end - block.begin);
  }));
  return out;
}

Result<double> silhouette(MatrixView<const float> x, std::span<const std::int32_t> labels,
                          Metric metric, std::size_t sample, RunContext& run) {
  std::vector<std::int32_t> chosen;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] >= 0) chosen.push_back(narrow<std::int32_t>(row));
  }
  Matrix<float> part;
  std::vector<std::int32_t> part_labels;
  if (sample > 0 && chosen.size() > sample && labels.size() == x.rows()) {
    const auto drawn = sample_without_replacement(random_key(run.seed(), "evaluate.silhouette"),
                                                  chosen.size(), sample);
    part = Matrix<float>(sample, x.cols());
    for (std::size_t i = 0; i < sample; ++i) {
      const std::size_t row = idx(chosen[idx(drawn[i])]);
      std::ranges::copy(x.row(row), part.row(i).begin());
      part_labels.push_back(labels[row]);
    }
    x = part.view();
    labels = part_labels;
  }
  TG_TRY(const auto values, silhouettes(x, labels, metric, run));
  double sum = 0;
  double count = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (labels[row] < 0) continue;
    sum += values[row];
    count += 1;
  }
  return sum / count;
}

}  // namespace topograph
