#include "topograph/neighbors/exact.hpp"

#include <gmock/gmock.h>

#include <cstring>
#include <limits>
#include <stop_token>
#include <string>

#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

using testing_support::brute_force;
using testing_support::grid_rows;
using testing_support::normal_rows;

KnnGraph search(const Matrix<float>& x, std::size_t k, Metric metric) {
  RunContext run({.threads = 2});
  auto found = exact_knn(x.view(), k, metric, run);
  EXPECT_TRUE(found.has_value()) << to_string(found.error());
  return *std::move(found);
}

KnnGraph query(const Matrix<float>& reference, const Matrix<float>& queries, std::size_t k,
               Metric metric) {
  RunContext run({.threads = 2});
  auto found = exact_knn_query(reference.view(), queries.view(), k, metric, run);
  EXPECT_TRUE(found.has_value()) << to_string(found.error());
  return *std::move(found);
}

Error search_error(const Matrix<float>& x, std::size_t k, Metric metric,
                   RunSettings settings = {.threads = 2}) {
  RunContext run(settings);
  auto found = exact_knn(x.view(), k, metric, run);
  EXPECT_FALSE(found.has_value());
  return found ? Error{} : found.error();
}

/// Distances may differ from the oracle's by one rounding (another order of summation), so ids are
/// compared where the oracle's distances are clearly apart.
void expect_equal(const KnnGraph& found, const KnnGraph& expected) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.k(), expected.k());
  std::size_t n_different = 0;
  for (std::size_t i = 0; i < found.rows(); ++i) {
    for (std::size_t c = 0; c < found.k(); ++c) {
      const float want = expected.distances[i, c];
      ASSERT_NEAR((found.distances[i, c]), want, 1.5e-7F * want) << "row " << i << " rank " << c;
      n_different += found.ids[i, c] != expected.ids[i, c] ? 1U : 0U;
    }
  }
  EXPECT_EQ(n_different, 0U);
}

TEST(ExactKnn, FindsNeighborsOnALine) {
  Matrix<float> x(4, 1);
  x[0, 0] = 0;
  x[1, 0] = 1;
  x[2, 0] = 3;
  x[3, 0] = 7;
  const KnnGraph found = search(x, 2, Metric::euclidean);
  EXPECT_THAT(found.ids.row(0), testing::ElementsAre(1, 2));
  EXPECT_THAT(found.ids.row(1), testing::ElementsAre(0, 2));
  EXPECT_THAT(found.ids.row(3), testing::ElementsAre(2, 1));
  EXPECT_THAT(found.distances.row(3), testing::ElementsAre(4.0F, 6.0F));
}

TEST(ExactKnn, EqualsBruteForceOnRandomRows) {
  for (const std::size_t rows : {2UL, 31UL, 33UL, 257UL, 700UL, 1300UL}) {
    for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
      const Matrix<float> x = normal_rows(rows, rows, 37);
      const std::size_t k = std::min<std::size_t>(14, rows - 1);
      SCOPED_TRACE(rows);
      expect_equal(search(x, k, metric), brute_force(x, x, k, metric, true));
    }
  }
}

TEST(ExactKnn, EqualsBruteForceWithDuplicatesAndTies) {
  for (const std::uint64_t levels : {2UL, 3UL}) {
    for (const std::size_t columns : {3UL, 8UL, 12UL}) {
      for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
        const Matrix<float> x = grid_rows(levels, 900, columns, levels);
        SCOPED_TRACE(columns);
        expect_equal(search(x, 10, metric), brute_force(x, x, 10, metric, true));
      }
    }
  }
}

TEST(ExactKnn, RanksByTheInnerProduct) {
  const Matrix<float> x = normal_rows(31, 500, 12);
  expect_equal(search(x, 9, Metric::inner_product),
               brute_force(x, x, 9, Metric::inner_product, true));
  const KnnGraph asked = query(x, x, 500, Metric::inner_product);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t c = 0; c < asked.k(); ++c) ASSERT_GE((asked.distances[i, c]), 0.0F);
  }
}

TEST(ExactKnn, InnerProductPrefersALongRowToACopy) {
  Matrix<float> x(3, 2);
  x[0, 0] = 1;
  x[1, 0] = 1;  // a copy of row 0
  x[2, 0] = 4;
  const KnnGraph found = search(x, 2, Metric::inner_product);
  EXPECT_EQ((found.ids[0, 0]), 2);
  EXPECT_FLOAT_EQ((found.distances[0, 0]), 1 - 4.0F / 16);
  EXPECT_EQ((found.ids[0, 1]), 1);
  EXPECT_FLOAT_EQ((found.distances[0, 1]), 1 - 1.0F / 16);
}

TEST(ExactKnn, BreaksTiesAtTheCutByTheSmallerId) {
  // 600 different rows, all at the same distance from each other: unit vectors of 600 axes.
  Matrix<float> x(600, 600);
  for (std::size_t i = 0; i < 600; ++i) x[i, i] = 1;
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const KnnGraph found = search(x, 3, metric);
    EXPECT_THAT(found.ids.row(0), testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(found.ids.row(1), testing::ElementsAre(0, 2, 3));
    EXPECT_THAT(found.ids.row(599), testing::ElementsAre(0, 1, 2));
  }
}

TEST(ExactKnn, HandlesAllRowsEqual) {
  Matrix<float> x(20'000, 16);
  for (float& v : std::span(x.data(), x.size())) v = 0.25F;
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const KnnGraph found = search(x, 3, metric);
    EXPECT_THAT(found.ids.row(0), testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(found.ids.row(2), testing::ElementsAre(0, 1, 3));
    EXPECT_THAT(found.ids.row(19'999), testing::ElementsAre(0, 1, 2));
    EXPECT_THAT(found.distances.row(7), testing::Each(0.0F));
  }
}

TEST(ExactKnn, PutsARowWithoutDirectionAtDistanceOne) {
  Matrix<float> x(5, 2);
  x[0, 0] = 1;
  x[1, 1] = 2;
  x[2, 0] = -1;
  const KnnGraph found = search(x, 4, Metric::cosine);
  EXPECT_THAT(found.ids.row(3), testing::ElementsAre(4, 0, 1, 2));
  EXPECT_THAT(found.distances.row(3), testing::ElementsAre(0.0F, 1.0F, 1.0F, 1.0F));
  EXPECT_THAT(found.ids.row(0), testing::ElementsAre(1, 3, 4, 2));
  EXPECT_THAT(found.distances.row(0), testing::ElementsAre(1.0F, 1.0F, 1.0F, 2.0F));
}

TEST(ExactKnn, KeepsItsAccuracyFarFromTheOrigin) {
  Matrix<float> x = normal_rows(3, 400, 5);
  for (float& v : std::span(x.data(), x.size())) v += 4096.0F;
  expect_equal(search(x, 8, Metric::euclidean), brute_force(x, x, 8, Metric::euclidean, true));
  for (float& v : std::span(x.data(), x.size())) v *= 0x1.0p100F;
  expect_equal(search(x, 8, Metric::euclidean), brute_force(x, x, 8, Metric::euclidean, true));
}

TEST(ExactKnn, SurvivesAnOutlierAndTinyValues) {
  Matrix<float> x = normal_rows(4, 600, 7);
  for (float& v : std::span(x.data(), x.size())) v *= 1e-30F;
  x[599, 0] = 1e6F;
  expect_equal(search(x, 5, Metric::euclidean), brute_force(x, x, 5, Metric::euclidean, true));
  expect_equal(search(x, 5, Metric::cosine), brute_force(x, x, 5, Metric::cosine, true));
}

TEST(ExactKnn, MeasuresNearlyEqualRowsExactly) {
  // Distances far below the float32 error of a dot product, in the presence of a common direction.
  Matrix<float> x = normal_rows(5, 500, 24);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t t = 0; t < x.cols(); ++t) x[i, t] = 1.0F + 1e-4F * x[i, t];
  }
  expect_equal(search(x, 6, Metric::cosine), brute_force(x, x, 6, Metric::cosine, true));
}

TEST(ExactKnn, ReturnsEveryOtherRowWhenKIsLargest) {
  const Matrix<float> x = normal_rows(6, 90, 4);
  expect_equal(search(x, 89, Metric::euclidean), brute_force(x, x, 89, Metric::euclidean, true));
}

TEST(ExactKnn, ReadsRowsThroughTheirStride) {
  const Matrix<float> wide = normal_rows(7, 80, 9);
  Matrix<float> narrow_copy(80, 5);
  for (std::size_t i = 0; i < 80; ++i) {
    for (std::size_t t = 0; t < 5; ++t) narrow_copy[i, t] = wide[i, t];
  }
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    RunContext run({.threads = 2});
    const auto found = exact_knn(MatrixView<const float>(wide.data(), 80, 5, 9), 4, metric, run);
    ASSERT_TRUE(found.has_value());
    expect_equal(*found, search(narrow_copy, 4, metric));
  }
}

TEST(ExactKnn, NamesTheFirstRowThatIsNotFinite) {
  Matrix<float> x = normal_rows(8, 3000, 3);
  x[2900, 1] = std::numeric_limits<float>::infinity();
  x[1234, 2] = std::numeric_limits<float>::quiet_NaN();
  const Error error = search_error(x, 5, Metric::cosine);
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(error.where, "x row 1234");
}

TEST(ExactKnn, RefusesWrongShapesAndK) {
  EXPECT_EQ(search_error(Matrix<float>(1, 3), 1, Metric::cosine).code, ErrorCode::invalid_argument);
  EXPECT_EQ(search_error(Matrix<float>(0, 3), 1, Metric::cosine).code, ErrorCode::invalid_argument);
  EXPECT_EQ(search_error(Matrix<float>(5, 0), 1, Metric::cosine).code, ErrorCode::invalid_argument);
  EXPECT_EQ(search_error(Matrix<float>(5, 3), 0, Metric::cosine).where, "k");
  EXPECT_EQ(search_error(Matrix<float>(5, 3), 5, Metric::cosine).where, "k");
}

TEST(ExactKnn, RefusesDistancesThatOverflow) {
  Matrix<float> x(3, 2);
  x[0, 0] = 3e38F;
  x[1, 0] = -3e38F;
  EXPECT_EQ(search_error(x, 1, Metric::euclidean).code, ErrorCode::invalid_argument);
  EXPECT_THAT(search(x, 1, Metric::cosine).ids.row(0), testing::ElementsAre(2));
}

TEST(ExactKnn, RefusesToExceedTheMemoryBudget) {
  const Error error = search_error(Matrix<float>(5000, 64), 5, Metric::cosine,
                                   {.threads = 1, .memory_bytes = 1 << 20});
  EXPECT_EQ(error.where, "memory");
}

class LastEvent : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    stage = std::string(event.stage);
    done = event.done;
    total = event.total;
  }
  void on_log(LogLevel, std::string_view) override {}

  std::string stage = {};
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

TEST(ExactKnn, ReportsItsTilesAsTheNeighborsStage) {
  LastEvent sink;
  RunContext run({.threads = 2, .progress = &sink});
  ASSERT_TRUE(exact_knn(normal_rows(20, 1000, 4).view(), 5, Metric::cosine, run).has_value());
  EXPECT_EQ(sink.stage, "neighbors");
  EXPECT_EQ(sink.total, 10U);  // 4 blocks of 256 rows
  EXPECT_EQ(sink.done, 10U);
}

TEST(ExactKnn, StopsOnRequest) {
  std::stop_source source;
  source.request_stop();
  const Error error = search_error(normal_rows(9, 500, 4), 5, Metric::cosine,
                                   {.threads = 2, .stop = source.get_token()});
  EXPECT_EQ(error.code, ErrorCode::cancelled);
}

TEST(ExactKnnQuery, EqualsBruteForce) {
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const Matrix<float> reference = normal_rows(10, 700, 19);
    const Matrix<float> queries = normal_rows(11, 300, 19);
    expect_equal(query(reference, queries, 9, metric),
                 brute_force(reference, queries, 9, metric, false));
    const Matrix<float> grid = grid_rows(12, 800, 6, 2);
    const Matrix<float> asked = grid_rows(13, 120, 6, 3);
    expect_equal(query(grid, asked, 30, metric), brute_force(grid, asked, 30, metric, false));
  }
}

TEST(ExactKnnQuery, FindsAnEqualRowAtDistanceZero) {
  const Matrix<float> x = normal_rows(14, 300, 50);
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const KnnGraph found = query(x, x, 1, metric);
    for (std::size_t i = 0; i < x.rows(); ++i) {
      ASSERT_EQ((found.ids[i, 0]), static_cast<std::int32_t>(i));
      ASSERT_EQ((found.distances[i, 0]), 0.0F);
    }
  }
}

TEST(ExactKnnQuery, AnswersEachQueryAloneAsInABatch) {
  const Matrix<float> reference = normal_rows(15, 500, 12);
  Matrix<float> queries = normal_rows(16, 40, 12);
  for (float& v : queries.row(39)) v *= 1e20F;
  for (const Metric metric : {Metric::cosine, Metric::euclidean}) {
    const KnnGraph batch = query(reference, queries, 5, metric);
    for (std::size_t i = 0; i < queries.rows(); ++i) {
      Matrix<float> one(1, 12);
      std::copy_n(queries.row(i).data(), 12, one.data());
      const KnnGraph alone = query(reference, one, 5, metric);
      ASSERT_EQ(std::memcmp(alone.ids.data(), batch.ids.row(i).data(), 20), 0) << i;
      ASSERT_EQ(std::memcmp(alone.distances.data(), batch.distances.row(i).data(), 20), 0) << i;
    }
  }
}

TEST(ExactKnnQuery, AcceptsOneReferenceRowAndNoQueries) {
  const Matrix<float> reference = normal_rows(17, 1, 4);
  EXPECT_EQ((query(reference, normal_rows(18, 3, 4), 1, Metric::cosine).ids[2, 0]), 0);
  EXPECT_EQ(query(reference, Matrix<float>(0, 4), 1, Metric::cosine).rows(), 0U);
}

TEST(ExactKnnQuery, RefusesOtherWidthsAndBadRows) {
  RunContext run({.threads = 1});
  const Matrix<float> reference = normal_rows(19, 10, 4);
  const auto wrong =
      exact_knn_query(reference.view(), Matrix<float>(2, 5).view(), 1, Metric::cosine, run);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().where, "queries");
  Matrix<float> queries(2, 4);
  queries[1, 3] = std::numeric_limits<float>::quiet_NaN();
  const auto bad = exact_knn_query(reference.view(), queries.view(), 1, Metric::cosine, run);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().where, "queries row 1");
}

}  // namespace
}  // namespace topograph
