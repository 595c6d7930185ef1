#include "topograph/embed/tfidf.hpp"

#include "unit/embed/fixture.hpp"

// Peer: scikit-learn (tools/reference/embed_tfidf.py).
namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

TextColumn column(const nlohmann::json& texts) {
  TextColumn result;
  for (const auto& text : texts) result.push_back(text.get<std::string>());
  return result;
}

/// The peer computes in float64, ours are float32 sums.
void expect_rows(const Matrix<float>& found, const nlohmann::json& expected) {
  ASSERT_EQ(found.rows(), expected.size());
  for (std::size_t r = 0; r < found.rows(); ++r) {
    ASSERT_EQ(found.cols(), expected[r].size());
    for (std::size_t c = 0; c < found.cols(); ++c) {
      ASSERT_NEAR((found[r, c]), expected[r][c].get<double>(), 2e-5)
          << "row " << r << " column " << c;
    }
  }
}

TEST(TfidfGolden, EqualsThePeersVectorizerAndSvd) {
  const auto golden = nlohmann::json::parse(read_text(kData / "tfidf" / "sklearn.json"));
  const TextColumn texts = column(golden["texts"]);
  const TextColumn new_texts = column(golden["new_texts"]);
  for (const auto& expected : golden["cases"]) {
    EmbedOptions options;
    options.model = "tfidf";
    options.tfidf.sublinear_tf = expected["sublinear_tf"].get<bool>();
    options.tfidf.n_components = static_cast<int>(expected["singular_values"].size());
    options.tfidf.n_iterations = 30;
    options.tfidf.words.stop_words = "none";
    options.tfidf.words.token_rule = WordRule::sklearn;
    RunContext run({.threads = 2});
    const auto fit = TfidfModel::fit(texts, {}, options, run);
    ASSERT_TRUE(fit) << to_string(fit.error());
    const TfidfModel& model = *fit->model;
    ASSERT_EQ(model.vocabulary().size(), expected["terms"].size());
    for (std::size_t t = 0; t < expected["terms"].size(); ++t) {
      EXPECT_EQ(model.vocabulary().terms()[t], expected["terms"][t].get<std::string>());
      EXPECT_NEAR(model.idf()[t], expected["idf"][t].get<double>(), 1e-12);
    }
    for (std::size_t c = 0; c < expected["singular_values"].size(); ++c) {
      EXPECT_NEAR(model.singular_values()[c], expected["singular_values"][c].get<double>(), 1e-4);
    }
    expect_rows(fit->vectors, expected["vectors"]);
    Matrix<float> fresh(new_texts.size(), model.dimension());
    ASSERT_TRUE(model.embed(new_texts, fresh.view(), run));
    expect_rows(fresh, expected["new_vectors"]);
  }
}

TEST(TfidfGolden, SavesWhatItFitted) {
  const auto golden = nlohmann::json::parse(read_text(kData / "tfidf" / "sklearn.json"));
  const TextColumn texts = column(golden["texts"]);
  const TemporaryFolder temporary;
  EmbedOptions options;
  options.model = "tfidf";
  options.tfidf.n_components = 6;
  RunContext run({.threads = 2});
  const auto fit = TfidfModel::fit(texts, {}, options, run);
  ASSERT_TRUE(fit) << to_string(fit.error());
  const auto path = temporary.path() / "tfidf.safetensors";
  ASSERT_TRUE(fit->model->save(path));
  const auto loaded = TfidfModel::load(path);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  Matrix<float> again(texts.size(), fit->model->dimension());
  ASSERT_TRUE((*loaded)->embed(texts, again.view(), run));
  for (std::size_t i = 0; i < again.size(); ++i) {
    ASSERT_EQ(again.data()[i], fit->vectors.data()[i]) << i;
  }

  const std::string bytes = read_text(path);
  for (const std::size_t kept : {std::size_t{0}, std::size_t{7}, bytes.size() / 2}) {
    write_text(path, bytes.substr(0, kept));
    const auto damaged = TfidfModel::load(path);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().subject, Subject::model);
  }
}

TEST(TfidfGolden, RefusesTextsWithoutTerms) {
  TextColumn blank;
  for (int i = 0; i < 3; ++i) blank.push_back(" ");
  EmbedOptions options;
  options.model = "tfidf";
  RunContext run;
  const auto fit = TfidfModel::fit(blank, {}, options, run);
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().subject, Subject::input);
}

}  // namespace
}  // namespace topograph
