#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "topograph/model/topic_model.hpp"

namespace topograph::subjects {

/// Everything that a model keeps, as bytes; `name` keeps the folders of tests apart.
inline std::string stored_bytes(const TopicModel& model, const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("tg_property_" + name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  const RunContext run;
  EXPECT_TRUE(model.save(folder, "{}", run));
  std::string all;
  for (const char* file : {"arrays.safetensors", "topics.json"}) {
    std::ifstream in(folder / file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    all += text.str();
  }
  fs::remove_all(folder);
  return all;
}

}  // namespace topograph::subjects
