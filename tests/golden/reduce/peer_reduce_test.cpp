// Against umap-learn, scikit-learn and scipy: see tests/data/reduce/PROVENANCE.json.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/spectral_init.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

const std::string folder = TG_TEST_DATA "/reduce/";

TEST(CurvePeer, FitsTheParametersOfScipy) {
  std::ifstream stream(folder + "curves.json");
  const nlohmann::json cases = nlohmann::json::parse(stream);
  ASSERT_EQ(cases.size(), 18U);
  for (const auto& expected : cases) {
    const double a = expected["a"];
    const double b = expected["b"];
    const CurveAb fitted = fit_ab(expected["spread"], expected["min_dist"]);
    EXPECT_NEAR(fitted.a, a, 1e-5 * a) << expected.dump();
    EXPECT_NEAR(fitted.b, b, 1e-5 * b) << expected.dump();
  }
}

TEST(PcaPeer, MatchesScikitLearnUpToSign) {
  const auto file = ArrayFile::open(folder + "pca.safetensors");
  ASSERT_TRUE(file) << to_string(file.error());
  const Matrix<float> x = *file->matrix("x");
  const Matrix<float> components = *file->matrix("components");
  const Matrix<float> scores = *file->matrix("scores");
  const std::vector<double> variance = *file->doubles("variance");
  RunContext run;
  const auto pca = fit_pca(x.view(), variance.size(), run);
  ASSERT_TRUE(pca) << to_string(pca.error());
  const auto ours = apply_pca(*pca, x.view(), run);
  ASSERT_TRUE(ours);
  for (std::size_t c = 0; c < variance.size(); ++c) {
    EXPECT_NEAR(pca->explained_variance[c], variance[c], 1e-6 * variance[0]);
    float dot = 0;
    for (std::size_t j = 0; j < x.cols(); ++j) dot += pca->components[c, j] * components[c, j];
    EXPECT_NEAR(std::abs(dot), 1.0F, 1e-6F) << "component " << c;
    const float sign = dot < 0 ? -1.0F : 1.0F;
    for (std::size_t r = 0; r < x.rows(); ++r) {
      EXPECT_NEAR(((*ours)[r, c]), (sign * scores[r, c]), 1e-4F) << r << ", " << c;
    }
  }
}

Eigen::MatrixXd dense(const Matrix<float>& m) {
  Eigen::MatrixXd out(narrow<Eigen::Index>(m.rows()), narrow<Eigen::Index>(m.cols()));
  for (std::size_t r = 0; r < m.rows(); ++r) {
    for (std::size_t c = 0; c < m.cols(); ++c) {
      out(narrow<Eigen::Index>(r), narrow<Eigen::Index>(c)) = static_cast<double>(m[r, c]);
    }
  }
  return out;
}

TEST(SpectralPeer, SpansTheSubspaceOfUmapLearn) {
  const auto file = ArrayFile::open(folder + "spectral.safetensors");
  ASSERT_TRUE(file) << to_string(file.error());
  FuzzyGraph graph;
  graph.edges.offsets = *file->int64s("offsets");
  graph.edges.columns = *file->int32s("columns");
  graph.edges.values = *file->floats("values");
  graph.edges.n_cols = graph.edges.rows();
  const Matrix<float> peer = *file->matrix("layout");
  RunContext run;
  const auto ours = spectral_init(graph, narrow<int>(peer.cols()), run);
  ASSERT_TRUE(ours) << to_string(ours.error());
  EXPECT_TRUE(ours->converged);
  EXPECT_EQ(ours->n_graph_components, 1);
  // Cosines of the angles between the two subspaces.
  const Eigen::MatrixXd cross = dense(ours->coords).transpose() * dense(peer);
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(cross);
  EXPECT_GT(svd.singularValues().minCoeff(), 0.9999);
}

}  // namespace
}  // namespace topograph
