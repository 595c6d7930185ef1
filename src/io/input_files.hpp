#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/io/read_documents.hpp"

namespace topograph {

struct InputFile {
  std::string path = {};            ///< To open; `-` is standard input.
  std::string name = {};            ///< What errors call it.
  std::string path_in_folder = {};  ///< Below the folder it was found in; empty otherwise.
  InputFormat format = InputFormat::csv;
  std::uint64_t bytes = 0;
};

/// Files that are read as one table: a single file, or the text files of one folder.
struct InputGroup {
  std::vector<InputFile> files = {};
  bool is_text_folder = false;  ///< Each file is one document.
};

/// Finds the files behind the inputs of a call, in reading order, and the format of each.
///
/// @param format  Overrides the file names; in a folder it selects the files to read.
/// @error option subject without inputs; not_found, io, or invalid_argument (unknown extension,
///        folder of several formats).
[[nodiscard]] Result<std::vector<InputGroup>> find_input_files(std::span<const std::string> inputs,
                                                               InputFormat format);

[[nodiscard]] std::uint64_t total_bytes(const std::vector<InputGroup>& groups);

/// What errors about all inputs together call them.
[[nodiscard]] std::string joined_name(std::span<const std::string> inputs);

}  // namespace topograph
