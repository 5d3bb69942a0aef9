/**
 * The Dockerfile language: text in, typed instructions with source positions out.
 *
 * <p>The stages never look ahead: the lexer joins physical lines into logical ones, the parser turns each into an
 * {@link dev.wherry.daemon.builder.dockerfile.instruction.Instruction}, and {@link
 * dev.wherry.daemon.builder.dockerfile.Dockerfile} groups them into stages. Variables stay unexpanded in {@link
 * dev.wherry.daemon.builder.dockerfile.word.Word}s, since their values are known only while stages are planned.
 *
 * <p>Touches no file and never blocks. All input is hostile: every entry point ends in
 * bounded time and memory with a result or a {@link dev.wherry.daemon.builder.dockerfile.text.DockerfileException}.
 */
package dev.wherry.daemon.builder.dockerfile;
