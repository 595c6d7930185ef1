#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz/targets.hpp"
#include "topograph/core/container.hpp"

namespace topograph::fuzz {

void container(const std::uint8_t* data, std::size_t size) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("topograph_fuzz_" + std::to_string(getpid()) + ".safetensors");
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  if (const auto file = ArrayFile::open(path)) {
    for (const std::string& name : file->names()) {
      static_cast<void>(file->array(name));
      static_cast<void>(file->matrix(name));
      static_cast<void>(file->floats(name));
      static_cast<void>(file->doubles(name));
      static_cast<void>(file->int32s(name));
      static_cast<void>(file->int64s(name));
      static_cast<void>(file->bytes(name));
    }
  }
  std::filesystem::remove(path);
}

}  // namespace topograph::fuzz
