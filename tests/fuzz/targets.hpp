#pragma once

#include <cstddef>
#include <cstdint>

/// What the fuzzers call, one function a format: it must return whatever the bytes are. The same
/// functions replay the corpus in a plain test.
namespace topograph::fuzz {

/// A tokenizer.json: reads it and encodes a few texts with it.
void tokenizer(const std::uint8_t* data, std::size_t size);
/// A safetensors file: maps it and reads every array in every way.
void container(const std::uint8_t* data, std::size_t size);
/// What servers send: vectors, error messages, a model's files, an ETag.
void http(const std::uint8_t* data, std::size_t size);

}  // namespace topograph::fuzz
