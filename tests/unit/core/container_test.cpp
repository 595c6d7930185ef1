#include "topograph/core/container.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Container : public testing::Test {
 protected:
  Container() {
    folder_ = fs::temp_directory_path() /
              ("tg_container_" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::create_directories(folder_);
  }
  ~Container() override { fs::remove_all(folder_); }

  fs::path write_sample() {
    Matrix<float> m(2, 3);
    for (std::size_t i = 0; i < 6; ++i) m.data()[i] = static_cast<float>(i) + 0.5F;
    const std::vector<std::int64_t> ids = {5, -6};
    ArrayWriter writer;
    writer.add("m", m.view());
    writer.add("ids", std::span(ids));
    writer.set_metadata("made_by", "test");
    const fs::path path = folder_ / "a.safetensors";
    EXPECT_TRUE(writer.write(path));
    return path;
  }

  static std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
};

TEST_F(Container, GivesBackWhatWasWritten) {
  const auto file = ArrayFile::open(write_sample());
  ASSERT_TRUE(file);
  EXPECT_THAT(file->names(), testing::ElementsAre("ids", "m"));
  EXPECT_EQ(file->metadata().at("made_by"), "test");
  const auto m = file->matrix("m");
  ASSERT_TRUE(m);
  EXPECT_EQ(m->rows(), 2U);
  EXPECT_EQ(m->row(1)[2], 5.5F);
  EXPECT_EQ(*file->int64s("ids"), (std::vector<std::int64_t>{5, -6}));
}

TEST_F(Container, AlignsEveryArrayTo64Bytes) {
  const auto file = ArrayFile::open(write_sample());
  ASSERT_TRUE(file);
  for (const auto& name : file->names()) {
    const auto array = file->array(name);
    ASSERT_TRUE(array);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array->bytes.data()) % 64, 0U) << name;
  }
}

TEST_F(Container, NamesAMissingArrayAndAWrongType) {
  const auto file = ArrayFile::open(write_sample());
  ASSERT_TRUE(file);
  EXPECT_THAT(file->matrix("nope").error().message, HasSubstr("nope"));
  EXPECT_THAT(file->int32s("ids").error().message, HasSubstr("I64"));
  EXPECT_EQ(file->int32s("ids").error().subject, Subject::model);
}

TEST_F(Container, RefusesEveryTruncationOfAFile) {
  const std::string bytes = slurp(write_sample());
  const fs::path path = folder_ / "cut.safetensors";
  for (std::size_t n = 0; n < bytes.size(); n += 7) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(n));
    EXPECT_FALSE(ArrayFile::open(path)) << n << " bytes";
  }
}

TEST_F(Container, RefusesLyingHeaders) {
  const fs::path path = folder_ / "lie.safetensors";
  for (const std::string header :
       {R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,8]}})",
        R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
        R"({"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})",
        R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})",
        R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", R"([1,2])", R"({"a":3})"}) {
    const auto n = static_cast<std::uint64_t>(header.size());
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&n), 8);
    out << header << "12345678";
    out.close();
    EXPECT_FALSE(ArrayFile::open(path)) << header;
  }
  EXPECT_EQ(ArrayFile::open(folder_ / "absent").error().code, ErrorCode::not_found);
}

TEST_F(Container, SaysWhichElementTypesItKnows) {
  const fs::path path = folder_ / "new.safetensors";
  const std::string header = R"({"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}})";
  const auto n = static_cast<std::uint64_t>(header.size());
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(&n), 8);
  out << header << "12345678";
  out.close();
  const auto file = ArrayFile::open(path);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::unsupported);
  EXPECT_THAT(to_string(file.error()), HasSubstr("F8_E4M3"));
  EXPECT_THAT(to_string(file.error()), HasSubstr("BF16"));
}

TEST_F(Container, KnowsAPointerOfGitLfs) {
  const fs::path path = folder_ / "pointer.safetensors";
  std::ofstream(path) << "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n";
  const auto file = ArrayFile::open(path);
  ASSERT_FALSE(file);
  EXPECT_THAT(to_string(file.error()), HasSubstr("git lfs pull"));
}

TEST(HalfFloats, SurviveARoundTripForEveryBitPattern) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = half_to_float(half);
    if (std::isnan(value)) continue;
    ASSERT_EQ(float_to_half(value), half) << bits;
  }
}

TEST(HalfFloats, RoundToNearestEven) {
  EXPECT_EQ(float_to_half(1.0F + 0x1p-11F), 0x3C00);             // half way: to even
  EXPECT_EQ(float_to_half(1.0F + 0x1p-11F + 0x1p-20F), 0x3C01);  // above half way
  EXPECT_EQ(float_to_half(65520.0F), 0x7C00);                    // overflow to infinity
  EXPECT_EQ(half_to_float(0x0001), 0x1p-24F);
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(std::numeric_limits<float>::quiet_NaN()))));
}

}  // namespace
}  // namespace topograph
