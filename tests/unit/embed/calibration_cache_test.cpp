#include <cstdlib>

#include "topograph/embed/embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// An int8 encoder whose calibrations are kept in a folder of the test's own.
class CalibrationCache : public testing::Test {
 protected:
  void SetUp() override { ::setenv("TOPOGRAPH_CACHE", cache_.c_str(), 1); }
  void TearDown() override { ::unsetenv("TOPOGRAPH_CACHE"); }

  [[nodiscard]] Matrix<float> embed(const fs::path& model = kData / "tiny-bert",
                                    int threads = 1) const {
    const auto encoder = open_encoder(model, {.precision = Precision::int8});
    EXPECT_TRUE(encoder) << to_string(encoder.error());
    return embed_all(**encoder, golden_texts(), threads);
  }
  [[nodiscard]] std::vector<fs::path> kept() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(cache_)) files.push_back(entry.path());
    return files;
  }

  TemporaryFolder folder_;
  fs::path cache_ = folder_.path() / "cache";
};

TEST_F(CalibrationCache, GivesTheBitsOfTheFirstStart) {
  const auto first = embed();
  ASSERT_EQ(kept().size(), 1U);
  const std::string content = read_text(kept()[0]);
  EXPECT_EQ(largest_difference(embed(), first), 0);
  EXPECT_EQ(read_text(kept()[0]), content);
  fs::remove(kept()[0]);
  EXPECT_EQ(largest_difference(embed(kData / "tiny-bert", 3), first), 0);
  EXPECT_EQ(read_text(kept()[0]), content);
}

TEST_F(CalibrationCache, IsWhatLaterStartsUse) {
  const auto first = embed();
  const fs::path other = folder_.copy_of("tiny-bert");
  change_json(other / "config.json", {{"layer_norm_eps", 0.5}});
  const auto changed = embed(other);
  const auto files = kept();
  ASSERT_EQ(files.size(), 2U);
  // Each model is given the other's ranges, whole and of the right size.
  const std::string content = read_text(files[0]);
  write_text(files[0], read_text(files[1]));
  write_text(files[1], content);
  EXPECT_GT(largest_difference(embed(), first), 0);
  EXPECT_GT(largest_difference(embed(other), changed), 0);
}

TEST_F(CalibrationCache, DamagedEntriesAreMadeAgain) {
  const auto first = embed();
  const fs::path file = kept()[0];
  const std::string content = read_text(file);
  std::string flipped = content;
  flipped[content.size() / 2] ^= 1;
  for (const std::string& damaged :
       {std::string(), std::string("{}"), content.substr(0, content.size() - 9), flipped}) {
    write_text(file, damaged);
    EXPECT_EQ(largest_difference(embed(), first), 0);
    EXPECT_EQ(read_text(file), content);
  }
}

TEST_F(CalibrationCache, ThatCannotBeWrittenChangesNothing) {
  const auto first = embed();
  write_text(folder_.path() / "file", "x");
  ::setenv("TOPOGRAPH_CACHE", (folder_.path() / "file" / "below").c_str(), 1);
  EXPECT_EQ(largest_difference(embed(), first), 0);
}

}  // namespace
}  // namespace topograph
