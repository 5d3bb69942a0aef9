/**
 * The Dockerfile language: text in, typed instructions with source positions out, and the two pattern languages that
 * go with it (ignore files and the wildcards of COPY).
 *
 * <p>The stages never look ahead: {@code Lexer} joins physical lines into logical ones, {@code InstructionParser}
 * turns each into an {@link dev.wherry.daemon.builder.dockerfile.instruction.Instruction}, and {@link
 * dev.wherry.daemon.builder.dockerfile.Dockerfile} groups them into stages. Variables stay unexpanded in {@link
 * dev.wherry.daemon.builder.dockerfile.word.Word}s, since their values are known only while stages are evaluated.
 *
 * <p>Uses nothing else of Wherry, touches no file and never blocks. All input is hostile: every entry point ends in
 * bounded time and memory with a result or a {@link dev.wherry.daemon.builder.dockerfile.text.DockerfileException}.
 */
package dev.wherry.daemon.builder.dockerfile;
