# Flags of the kernels' per-instruction-set files; everything else is built for the baseline.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(TOPOGRAPH_X86 ON)
  set(TOPOGRAPH_AVX2_FLAGS "-mavx2;-mfma;-mf16c")
  set(TOPOGRAPH_AVX512_FLAGS "-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mfma;-mavx2")
else()
  set(TOPOGRAPH_X86 OFF)
endif()
