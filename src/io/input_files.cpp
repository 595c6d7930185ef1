#include "io/input_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kKnown =
    "known are .csv, .tsv, .jsonl, .ndjson and .txt (each also .gz or .zst), .parquet and .feather";

struct Extension {
  std::string_view text;
  InputFormat format;
  bool may_be_compressed;
};

constexpr std::array kExtensions{
    Extension{".csv", InputFormat::csv, true},
    Extension{".tsv", InputFormat::tsv, true},
    Extension{".jsonl", InputFormat::jsonl, true},
    Extension{".ndjson", InputFormat::jsonl, true},
    Extension{".txt", InputFormat::txt, true},
    Extension{".parquet", InputFormat::parquet, false},
    Extension{".feather", InputFormat::feather, false},
};

std::string lower_ascii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// The format that a file name promises.
std::optional<InputFormat> format_of(const fs::path& path) {
  std::string name = lower_ascii(path.filename().string());
  bool is_compressed = false;
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (!name.ends_with(suffix)) continue;
    name.resize(name.size() - suffix.size());
    is_compressed = true;
    break;
  }
  for (const Extension& extension : kExtensions) {
    if (name.ends_with(extension.text) && (extension.may_be_compressed || !is_compressed)) {
      return extension.format;
    }
  }
  return std::nullopt;
}

std::unexpected<Error> cannot_list(const std::string& name, const std::error_code& code) {
  return input_error(ErrorCode::io, name, "cannot list the folder: " + code.message(),
                     "may you read it?");
}

/// All files below `root` that are not hidden, in byte order of their paths.
Result<std::vector<std::string>> files_below(const std::string& root) {
  std::vector<std::string> found;
  std::error_code code;
  fs::recursive_directory_iterator entry(root, code);
  if (code) return cannot_list(root, code);
  while (entry != fs::recursive_directory_iterator()) {
    const bool is_hidden = entry->path().filename().string().starts_with('.');
    std::error_code ignored;
    if (is_hidden && entry->is_directory(ignored)) entry.disable_recursion_pending();
    if (!is_hidden && entry->is_regular_file(ignored)) {
      found.push_back(entry->path().lexically_relative(root).generic_string());
    }
    const std::string at = entry->path().string();
    entry.increment(code);
    if (code) return cannot_list(at, code);
  }
  std::ranges::sort(found);
  return found;
}

InputFile input_file(std::string path, std::string name, InputFormat format) {
  std::error_code unknown;
  const auto bytes = fs::file_size(path, unknown);
  return {.path = std::move(path),
          .name = std::move(name),
          .format = format,
          .bytes = unknown ? 0 : static_cast<std::uint64_t>(bytes)};
}

Result<std::vector<InputGroup>> groups_of_folder(const std::string& root, InputFormat wanted) {
  TG_TRY(const std::vector<std::string> paths, files_below(root));
  std::vector<InputFile> files;
  for (const std::string& path : paths) {
    const std::optional<InputFormat> format = format_of(path);
    if (!format || (wanted != InputFormat::detect && *format != wanted)) continue;
    const std::string full = (fs::path(root) / path).string();
    files.push_back(input_file(full, full, *format));
    files.back().path_in_folder = path;
  }
  if (files.empty()) {
    return input_error(ErrorCode::not_found, root,
                       wanted == InputFormat::detect
                           ? std::string("the folder holds no file of a known format")
                           : fmt::format("the folder holds no {} file", enum_name(wanted)),
                       std::string(kKnown));
  }
  for (const InputFile& file : files) {
    if (file.format == files[0].format) continue;
    return input_error(ErrorCode::invalid_argument, root,
                       fmt::format("expected files of one format, found `{}` and `{}`",
                                   files[0].path_in_folder, file.path_in_folder),
                       fmt::format("pass --format {} or --format {}", enum_name(files[0].format),
                                   enum_name(file.format)));
  }
  std::vector<InputGroup> groups;
  if (files[0].format == InputFormat::txt) {
    groups.push_back({.files = std::move(files), .is_text_folder = true});
  } else {
    for (InputFile& file : files) groups.push_back({.files = {std::move(file)}});
  }
  return groups;
}

Result<InputFile> single_file(const std::string& input, InputFormat wanted) {
  if (input == "-") {
    return InputFile{.path = "-",
                     .name = "stdin",
                     .format = wanted == InputFormat::detect ? InputFormat::csv : wanted};
  }
  const std::optional<InputFormat> format =
      wanted == InputFormat::detect ? format_of(input) : std::optional(wanted);
  if (!format) {
    const bool is_json = lower_ascii(input).ends_with(".json");
    return input_error(ErrorCode::invalid_argument, input, "unknown file extension",
                       is_json ? "JSON is read one object a line: save it as .jsonl, or pass "
                                 "--format jsonl if it already is"
                               : std::string(kKnown) + "; or tell it with --format");
  }
  return input_file(input, input, *format);
}

}  // namespace

Result<std::vector<InputGroup>> find_input_files(std::span<const std::string> inputs,
                                                 InputFormat format) {
  if (inputs.empty()) {
    return option_error("INPUT", "expected at least one file or folder, found none",
                        "name the files to read, or - for standard input");
  }
  std::vector<InputGroup> groups;
  for (const std::string& input : inputs) {
    std::error_code code;
    const fs::file_status status = input == "-" ? fs::file_status() : fs::status(input, code);
    if (input != "-" && status.type() == fs::file_type::not_found) {
      return input_error(ErrorCode::not_found, input, "no such file or folder",
                         "is the path right? It is looked up from the current folder");
    }
    if (input != "-" && code) {
      return input_error(ErrorCode::io, input, "cannot open: " + code.message());
    }
    if (status.type() == fs::file_type::directory) {
      TG_TRY(auto found, groups_of_folder(input, format));
      std::ranges::move(found, std::back_inserter(groups));
    } else {
      TG_TRY(auto file, single_file(input, format));
      groups.push_back({.files = {std::move(file)}});
    }
  }
  return groups;
}

std::uint64_t total_bytes(const std::vector<InputGroup>& groups) {
  std::uint64_t bytes = 0;
  for (const InputGroup& group : groups) {
    for (const InputFile& file : group.files) bytes += file.bytes;
  }
  return bytes;
}

std::string joined_name(std::span<const std::string> inputs) {
  if (inputs[0] == "-") return "stdin";
  return inputs.size() == 1 ? inputs[0] : inputs[0] + " and the other inputs";
}

}  // namespace topograph
