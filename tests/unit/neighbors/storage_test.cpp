#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/neighbors/index.hpp"
#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

using testing_support::blob_rows;
using testing_support::normal_rows;

constexpr std::array all_storages{NeighborStorage::int8, NeighborStorage::float16,
                                  NeighborStorage::float32};
constexpr std::array all_metrics{Metric::cosine, Metric::euclidean, Metric::inner_product};

NeighborOptions approximate(NeighborStorage storage) {
  NeighborOptions options;
  options.method = NeighborMethod::approximate;
  options.storage = storage;
  return options;
}

bool same_bits(const KnnGraph& a, const KnnGraph& b) {
  return a.rows() == b.rows() && a.k() == b.k() &&
         std::memcmp(a.ids.data(), b.ids.data(), a.ids.size() * sizeof(std::int32_t)) == 0 &&
         std::memcmp(a.distances.data(), b.distances.data(), a.distances.size() * sizeof(float)) ==
             0;
}

FoundNeighbors found(const RowsView& x, std::size_t k, Metric metric,
                     const NeighborOptions& options, std::uint64_t seed = 42) {
  RunContext run({.threads = 2, .seed = seed});
  auto result = find_neighbors(x, k, metric, options, run);
  EXPECT_TRUE(result.has_value()) << to_string(result.error());
  return *std::move(result);
}

/// The rows rounded to float16, as halves and as floats.
struct Halved {
  explicit Halved(const Matrix<float>& x) : halves(x.rows(), x.cols()), floats(x) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      halves.data()[i] = float_to_half(x.data()[i]);
      floats.data()[i] = half_to_float(halves.data()[i]);
    }
  }
  [[nodiscard]] RowsView view() const {
    return RowsView(MatrixView<const std::uint16_t>(halves.view()));
  }

  Matrix<std::uint16_t> halves;
  Matrix<float> floats;
};

TEST(NeighborStorage, TakesTwoFourOrEightBytesAValue) {
  const Matrix<float> x = blob_rows(1, 2000, 128, 20);
  std::array<double, 3> per_value{};
  for (std::size_t s = 0; s < all_storages.size(); ++s) {
    const auto report = found(x.view(), 5, Metric::euclidean, approximate(all_storages[s])).report;
    EXPECT_EQ(report.storage, all_storages[s]);
    per_value[s] = static_cast<double>(report.bytes) / static_cast<double>(x.size());
  }
  EXPECT_NEAR(per_value[0], 2.0, 0.8);  // lists begin at whole panels, and rows have numbers
  EXPECT_NEAR(per_value[1], 4.0, 1.0);
  EXPECT_NEAR(per_value[2], 8.0, 2.0);
}

TEST(NeighborStorage, FindsMostNeighborsHoweverRowsAreKept) {
  const Matrix<float> x = blob_rows(2, 2500, 40, 15);
  for (const Metric metric : all_metrics) {
    for (const NeighborStorage storage : all_storages) {
      EXPECT_GE(found(x.view(), 8, metric, approximate(storage)).report.recall.value(), 0.97)
          << enum_name(metric) << " " << enum_name(storage);
    }
  }
}

TEST(NeighborStorage, IsExactWhenEveryListIsSearchedAndEveryRowMeasured) {
  const Matrix<float> x = normal_rows(3, 500, 9);
  RunContext run({.threads = 2});
  for (const Metric metric : all_metrics) {
    for (const NeighborStorage storage : all_storages) {
      NeighborOptions options = approximate(storage);
      options.n_probe = 65536;
      options.n_measured = 500;
      options.n_refine = 0;
      EXPECT_TRUE(same_bits(found(x.view(), 9, metric, options).graph,
                            exact_knn(x.view(), 9, metric, run).value()))
          << enum_name(metric) << " " << enum_name(storage);
    }
  }
}

TEST(NeighborStorage, Float32TellsRowsApartThatCodesCannot) {
  Matrix<float> x = normal_rows(4, 1500, 48);  // ten tight clusters far from each other
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[i, c] = 0.002F * x[i, c] + (c == i % 10 ? 1.0F : 0.0F);
    }
  }
  const auto recall = [&](NeighborStorage storage) {
    return found(x.view(), 5, Metric::euclidean, approximate(storage)).report.recall.value();
  };
  EXPECT_GT(recall(NeighborStorage::float32), 0.97);
  EXPECT_GT(recall(NeighborStorage::float16), recall(NeighborStorage::int8) + 0.1);
  EXPECT_LT(recall(NeighborStorage::int8), 0.8);
}

TEST(NeighborStorage, AutoTakesCodesUnlessRowsAreNarrow) {
  const auto chosen = [](std::size_t cols) {
    const Matrix<float> x = normal_rows(5, 60, cols);
    return found(x.view(), 3, Metric::cosine, approximate(NeighborStorage::automatic))
        .report.storage;
  };
  EXPECT_EQ(chosen(16), NeighborStorage::float32);
  EXPECT_EQ(chosen(32), NeighborStorage::float16);
  EXPECT_EQ(chosen(33), NeighborStorage::int8);
}

TEST(NeighborIndex, DoesNotDependOnTheSeed) {
  const Matrix<float> x = normal_rows(6, 1500, 24);
  NeighborOptions options = approximate(NeighborStorage::int8);
  options.n_probe = 2;
  EXPECT_TRUE(same_bits(found(x.view(), 6, Metric::cosine, options, 1).graph,
                        found(x.view(), 6, Metric::cosine, options, 2).graph));
}

TEST(NeighborIndex, FindsARowItselfAmongManyThatLookLikeIt) {
  Matrix<float> x = normal_rows(7, 1200, 40);  // codes cannot tell these rows apart
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (float& value : x.row(i)) value = 1.0F + 1e-6F * value;
    x[i, i % 40] += i % 2 == 0 ? 5.0F : -5.0F;
  }
  RunContext run({.threads = 2});
  NeighborOptions options = approximate(NeighborStorage::int8);
  options.n_probe = 1;
  options.n_measured = 0;
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const auto index = NeighborIndex::build(x.view(), 3, metric, options, run).value();
    const KnnGraph own = index.query(x.view(), 3, run).value();
    for (std::size_t i = 0; i < x.rows(); ++i) {
      ASSERT_EQ((own.distances[i, 0]), 0.0F) << "row " << i;
      ASSERT_TRUE(std::ranges::equal(x.row(i), x.row(idx(own.ids[i, 0])))) << "row " << i;
    }
  }
}

TEST(NeighborIndex, SearchesRowsOfFloat16AsTheirFloat32) {
  const Halved x(blob_rows(8, 900, 20, 12));
  RunContext run({.threads = 2});
  for (const Metric metric : all_metrics) {
    EXPECT_TRUE(same_bits(found(x.view(), 6, metric, {}).graph,
                          exact_knn(x.floats.view(), 6, metric, run).value()));
    const auto options = approximate(NeighborStorage::float16);
    const auto halves = NeighborIndex::build(x.view(), 6, metric, options, run).value();
    const auto floats = NeighborIndex::build(x.floats.view(), 6, metric, options, run).value();
    EXPECT_TRUE(same_bits(halves.graph(run).value(), floats.graph(run).value()));
    const Matrix<float> asked = normal_rows(9, 30, 20);
    EXPECT_TRUE(same_bits(halves.query(asked.view(), 4, run).value(),
                          floats.query(asked.view(), 4, run).value()));
  }
}

TEST(NeighborIndex, SearchesRowsOfFloat16WithALittleMemory) {
  const Halved x(blob_rows(10, 3000, 64, 20));
  RunContext small({.threads = 2, .memory_bytes = 3'000'000});  // rows are made when asked for
  const auto options = approximate(NeighborStorage::int8);
  for (const Metric metric : all_metrics) {
    const auto index = NeighborIndex::build(x.view(), 5, metric, options, small).value();
    EXPECT_TRUE(same_bits(index.graph(small).value(), found(x.view(), 5, metric, options).graph));
  }
}

TEST(NeighborIndex, DefinesHardInputForEveryStorageAndSource) {
  Matrix<float> bad = normal_rows(11, 50, 40);
  bad[31, 2] = std::numeric_limits<float>::infinity();
  Matrix<float> zeros = normal_rows(12, 200, 40);
  for (const std::size_t row : {3UL, 150UL}) std::ranges::fill(zeros.row(row), 0.0F);
  Matrix<float> equal(80, 40);
  std::fill_n(equal.data(), equal.size(), 2.5F);
  RunContext run({.threads = 2});
  for (const NeighborStorage storage : all_storages) {
    const NeighborOptions options = approximate(storage);
    const Halved halved(bad);
    for (const RowsView& x : {RowsView(bad.view()), halved.view()}) {
      EXPECT_EQ(NeighborIndex::build(x, 4, Metric::cosine, options, run).error().where, "x row 31");
      EXPECT_EQ(NeighborIndex::build(x, 50, Metric::cosine, options, run).error().where, "k");
    }
    const Halved same(equal);
    for (const RowsView& x : {RowsView(equal.view()), same.view()}) {
      const KnnGraph graph = found(x, 3, Metric::euclidean, options).graph;
      EXPECT_EQ((graph.ids[0, 0]), 1);
      EXPECT_EQ((graph.ids[79, 2]), 2);
      EXPECT_EQ((graph.distances[79, 2]), 0.0F);
    }
    const Halved directionless(zeros);
    for (const RowsView& x : {RowsView(zeros.view()), directionless.view()}) {
      const KnnGraph graph = found(x, 3, Metric::cosine, options).graph;
      EXPECT_EQ((graph.ids[150, 0]), 3);
      EXPECT_EQ((graph.distances[150, 0]), 0.0F);
      EXPECT_EQ((graph.distances[150, 1]), 1.0F);
    }
    EXPECT_EQ(NeighborIndex::build(Matrix<float>(0, 4).view(), 1, Metric::cosine, options, run)
                  .error()
                  .where,
              "x");
  }
}

}  // namespace
}  // namespace topograph
