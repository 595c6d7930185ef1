"""Golden data of the encoders: a tiny random model of every architecture with the peers' tensors.

Run with the pinned peers (transformers, sentence-transformers, tokenizers, torch, onnx):
  python tools/reference/embed_architectures.py tests/data/embed/architectures

Every folder holds one model in the layout that its family uses on the hub; `expected.safetensors`
holds, for each of them, the hidden states after the embeddings and every layer for a padded batch
of token ids ("<name>.layer.0" ...) and the final vectors of all texts ("<name>.vectors").
"""

import hashlib
import importlib.metadata
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch
import transformers
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, LayerNorm, Normalize, Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SEED = 20240919
WIDTH, HEADS, WIDE = 24, 4, 32
WORDS = [f"w{i}" for i in range(56)]
SMALL = {"vocab_size": 64, "hidden_size": WIDTH, "num_hidden_layers": 2,
         "num_attention_heads": HEADS, "intermediate_size": WIDE, "initializer_range": 0.3}


def texts():
    rng = random.Random(SEED)
    lengths = [1, 2, 3, 5, 8, 13, 21, 34, 55, 90, 150, 200, 7, 7, 30]
    made = [" ".join(rng.choices(WORDS, k=n)) for n in lengths]
    return made + ["", "w1 unknown w2", "w3 <pad> w4", "W5 w5", "na\u00efve caf\u00e9, \uff42ut \u65e5\u672c\u8a9e \U0001f600"]


def tokenizer(specials, template):
    """Words are the tokens; the special ones stand first, in the order that the family has."""
    vocabulary = {t: i for i, t in enumerate(specials + WORDS)}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    made.add_special_tokens(specials)
    made.post_processor = processors.TemplateProcessing(
        single=template, special_tokens=[(t, vocabulary[t]) for t in specials])
    return made


def pieces(specials, template):
    """A Unigram tokenizer of the words' letters and what they often form."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=60, special_tokens=specials, unk_token="<unk>",
                                      show_progress=False)
    return trained(made, trainer, template)


def byte_pairs(specials, template):
    """Byte-level BPE: all 256 bytes and a few merges."""
    made = Tokenizer(models.BPE())
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=specials, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    return trained(made, trainer, template)


def trained(made, trainer, template):
    made.train_from_iterator(texts(), trainer)
    used = [(t, made.token_to_id(t)) for t in template.split() if t != "$A"]
    made.post_processor = processors.TemplateProcessing(single=template, special_tokens=used)
    return made


def perturb(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name.lower() or name.endswith("bias"):
                parameter.add_(torch.randn_like(parameter) * 0.2)
    return model.eval()


def keep_named(model, prefix):
    """Of a model with a task's head only the arrays of the encoder, under their long names."""
    state = {k: v for k, v in model.state_dict().items() if k.startswith(prefix)}
    model.state_dict = lambda: state


def save(folder, model, made, dtype, max_length, shards=1):
    """Weights in `dtype`, a configuration that says float32: peers compute as we do."""
    folder.mkdir(parents=True)
    model.config.dtype = torch.float32
    model.config.save_pretrained(folder)
    state = {k: v.to(dtype).contiguous() for k, v in model.state_dict().items()
             if "position_ids" not in k}
    if shards == 1:
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    else:
        names = list(state)
        files = [f"model-{i + 1:05}-of-{shards:05}.safetensors" for i in range(shards)]
        owner = {name: files[i * shards // len(names)] for i, name in enumerate(names)}
        for file in files:
            save_file({n: state[n] for n in names if owner[n] == file}, folder / file,
                      metadata={"format": "pt"})
        (folder / "model.safetensors.index.json").write_text(
            json.dumps({"metadata": {}, "weight_map": owner}, indent=1) + "\n")
    made.save(str(folder / "tokenizer.json"), pretty=False)
    named = {"pad_token": "<pad>", "unk_token": "<unk>"}
    for role, token in {"cls_token": "<cls>", "sep_token": "<sep>", "bos_token": "<s>",
                        "eos_token": "</s>"}.items():
        if made.token_to_id(token) is not None:
            named[role] = token
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": max_length,
        **named}) + "\n")


def add_modules(folder, modules, prompts=None, default=None):
    """The sentence-transformers files, as the peer writes them today."""
    with tempfile.TemporaryDirectory() as other:
        whole = SentenceTransformer(modules=[Transformer(str(folder)), *modules], device="cpu",
                                    prompts=prompts, default_prompt_name=default)
        whole.save(other, create_model_card=False)
        for path in sorted(Path(other).rglob("*")):
            relative = path.relative_to(other)
            is_module = path.is_file() and len(relative.parts) > 1
            if is_module or relative.name in ("modules.json", "config_sentence_transformers.json",
                                              "sentence_bert_config.json"):
                (folder / relative).parent.mkdir(exist_ok=True)
                shutil.copy(path, folder / relative)


BERT_SPECIALS = ["<pad>", "<unk>", "<cls>", "<sep>"]
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]


def write_distilbert(folder):
    config = transformers.DistilBertConfig(
        vocab_size=64, dim=WIDTH, n_layers=2, n_heads=HEADS, hidden_dim=WIDE,
        max_position_embeddings=64, initializer_range=0.3, pad_token_id=0)
    save(folder, perturb(transformers.DistilBertModel(config)),
         tokenizer(BERT_SPECIALS, "<cls> $A <sep>"), torch.float16, 64)
    write_onnx(folder)


class States(torch.nn.Module):
    """Only the hidden states of a network, so that the exported graph has one output."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask):
        return self.network(input_ids=input_ids, attention_mask=attention_mask)[0]


def halve(model):
    """Stores the large arrays of an ONNX graph in half precision, cast when it runs."""
    for array in list(model.graph.initializer):
        values = onnx.numpy_helper.to_array(array)
        if values.dtype != np.float32 or values.size < 64:
            continue
        model.graph.initializer.remove(array)
        model.graph.initializer.append(
            onnx.numpy_helper.from_array(values.astype(np.float16), array.name + "_half"))
        model.graph.node.insert(0, onnx.helper.make_node(
            "Cast", [array.name + "_half"], [array.name], to=onnx.TensorProto.FLOAT))


def write_onnx(folder):
    """Beside the weights, as many folders on the hub have it."""
    path = folder / "onnx" / "model.onnx"
    path.parent.mkdir()
    network = transformers.AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    names = ["input_ids", "attention_mask", "last_hidden_state"]
    ones = torch.ones(2, 7, dtype=torch.long)
    torch.onnx.export(States(network), (ones, ones), str(path), input_names=names[:2],
                      output_names=names[2:], dynamo=False,
                      dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names})
    model = onnx.load(path)
    halve(model)
    onnx.save(model, path)


def write_xlm_roberta(folder):
    config = transformers.XLMRobertaConfig(
        **SMALL, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, bos_token_id=0,
        eos_token_id=2, layer_norm_eps=1e-5)
    save(folder, perturb(transformers.XLMRobertaForMaskedLM(config)).base_model,
         pieces(ROBERTA_SPECIALS, "<s> $A </s>"), torch.float16, 64)
    add_modules(folder, [Pooling(WIDTH, "cls"), Normalize()],
                {"query": "w7 w8", "passage": "w9"}, "passage")


def write_roberta(folder):
    config = transformers.RobertaConfig(
        **SMALL, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, bos_token_id=0,
        eos_token_id=2, layer_norm_eps=1e-5, hidden_act="gelu_new")
    model = perturb(transformers.RobertaForMaskedLM(config))
    keep_named(model, "roberta.")
    save(folder, model, tokenizer(ROBERTA_SPECIALS, "<s> $A </s>"), torch.bfloat16, 64)


def write_mpnet(folder):
    config = transformers.MPNetConfig(**SMALL, max_position_embeddings=170, layer_norm_eps=1e-5)
    save(folder, perturb(transformers.MPNetModel(config, add_pooling_layer=False)),
         tokenizer(ROBERTA_SPECIALS, "<s> $A </s>"), torch.float16, 168)
    older = [{"idx": 0, "name": "0", "path": "",
              "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "name": "1", "path": "1_Pooling",
              "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "name": "2", "path": "2_Normalize",
              "type": "sentence_transformers.models.Normalize"}]
    (folder / "modules.json").write_text(json.dumps(older, indent=1) + "\n")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({
        "word_embedding_dimension": WIDTH, "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True,
        "pooling_mode_mean_sqrt_len_tokens": False}) + "\n")
    (folder / "sentence_bert_config.json").write_text(
        json.dumps({"max_seq_length": 160, "do_lower_case": True}) + "\n")


def write_modernbert(folder):
    config = transformers.ModernBertConfig(
        **SMALL, global_attn_every_n_layers=2, max_position_embeddings=128, local_attention=10, pad_token_id=0, cls_token_id=2,
        sep_token_id=3, bos_token_id=2, eos_token_id=3)
    model = perturb(transformers.ModernBertForMaskedLM(config))
    keep_named(model, "model.")
    save(folder, model, tokenizer(BERT_SPECIALS, "<cls> $A <sep>"), torch.bfloat16, 128)
    add_modules(folder, [Pooling(WIDTH, ("cls", "weightedmean"), include_prompt=False),
                         Dense(2 * WIDTH, 8, activation_function=torch.nn.GELU())],
                {"document": "w1 w2 w3"}, "document")


def decoder(**more):
    return {**SMALL, "num_key_value_heads": 2,
            "max_position_embeddings": 128, "pad_token_id": 1, "bos_token_id": 0,
            "eos_token_id": 2, **more}


def write_gemma3(folder):
    config = transformers.Gemma3TextConfig(**decoder(
        head_dim=8, query_pre_attn_scalar=10, sliding_window=9, sliding_window_pattern=2,
        use_bidirectional_attention=True))
    save(folder, perturb(transformers.Gemma3TextModel(config)),
         tokenizer(ROBERTA_SPECIALS, "<s> $A </s>"), torch.bfloat16, 100)
    add_modules(folder, [Pooling(WIDTH, "mean"),
                         Dense(WIDTH, 32, bias=False, activation_function=torch.nn.Identity()),
                         Dense(32, WIDTH), Normalize()],
                {"query": "w4 w5", "Clustering": "w6 w7"})


def write_qwen3(folder):
    config = transformers.Qwen3Config(**decoder(head_dim=6, attention_bias=True, vocab_size=300))
    save(folder, perturb(transformers.Qwen3Model(config)),
         byte_pairs(ROBERTA_SPECIALS, "$A </s>"), torch.float16, 128, shards=2)
    add_modules(folder, [Pooling(WIDTH, "lasttoken"), perturb(LayerNorm(WIDTH)), Normalize()], {"query": "w1 w2"})


WRITERS = {"distilbert": write_distilbert, "xlm-roberta": write_xlm_roberta,
           "roberta": write_roberta, "mpnet": write_mpnet, "modernbert": write_modernbert,
           "gemma3": write_gemma3, "qwen3": write_qwen3}


def layers_of(network):
    """The parts whose outputs are compared, in order."""
    for path in ("transformer.layer", "encoder.layer", "layers"):
        try:
            return list(network.get_submodule(path))
        except AttributeError:
            continue
    raise ValueError("a network without known layers")


def states(model, batch, first):
    """The hidden states after the embeddings and after each layer."""
    network = model[0].auto_model
    kept = {}
    hooks = []
    parts = [network.embeddings if hasattr(network, "embeddings") else network.embed_tokens]
    for name, part in zip(["embeddings"] + [f"layer.{i}" for i in range(9)],
                          parts + layers_of(network)):
        def keep(_module, _inputs, output, name=name):
            kept[name] = output[0] if isinstance(output, tuple) else output
        hooks.append(part.register_forward_hook(keep))
    with torch.no_grad():
        kept["states"] = network(**{k: batch[k] for k in ("input_ids", "attention_mask")})[0]
    for hook in hooks:
        hook.remove()
    return {f"{first}.{name}": value.float().clone() for name, value in kept.items()}


def encode(model, **options):
    return torch.from_numpy(model.encode(texts(), batch_size=4, **options).astype(np.float32))


def expected_of(name, folder):
    model = SentenceTransformer(str(folder), device="cpu")
    batch = model[0].tokenizer([texts()[i] for i in (3, 0)], padding=True, truncation=True,
                               return_tensors="pt", padding_side="right")
    found = states(model, batch, name)
    found[f"{name}.ids"] = batch["input_ids"].to(torch.int32)
    found[f"{name}.mask"] = batch["attention_mask"].to(torch.int32)
    found[f"{name}.vectors"] = encode(model)
    if name == "gemma3":
        found["gemma3.clustering"] = encode(model, prompt_name="Clustering")
        found["gemma3.first_8"] = encode(model, truncate_dim=8)
        found["gemma3.first_8_unit"] = encode(model, truncate_dim=8, normalize_embeddings=True)
        model[0].auto_model.config.use_bidirectional_attention = False
        for layer in model[0].auto_model.layers:
            layer.self_attn.is_causal = True
        model[0].auto_model.config.sliding_window = 5
        found["gemma3.causal"] = encode(model)
    if name == "modernbert":
        found["modernbert.no_prompt"] = encode(model, prompt="")
    return found


def main():
    target = Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "texts.json").write_text(json.dumps(texts()) + "\n")
    expected = {}
    for name, write in WRITERS.items():
        torch.manual_seed(SEED)
        write(target / name)
        expected.update(expected_of(name, target / name))
    save_file(expected, target / "expected.safetensors")
    packages = ["torch", "transformers", "sentence-transformers", "tokenizers", "numpy", "onnx"]
    files = sorted(p for p in target.rglob("*") if p.is_file())
    for path in files:
        path.chmod(0o644)
    (target / "PROVENANCE.json").write_text(json.dumps({
        "command": "python tools/reference/embed_architectures.py tests/data/embed/architectures",
        "seed": SEED,
        "packages": {name: importlib.metadata.version(name) for name in packages},
        "sha256": {str(p.relative_to(target)): hashlib.sha256(p.read_bytes()).hexdigest()
                   for p in files},
    }, indent=1) + "\n")


if __name__ == "__main__":
    main()
