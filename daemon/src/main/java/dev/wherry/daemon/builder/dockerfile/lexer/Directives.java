package dev.wherry.daemon.builder.dockerfile.lexer;

import java.util.Optional;

/**
 * The parser directives at the top of a Dockerfile, {@code # name=value}.
 *
 * @param escape the character that escapes and continues lines: a backslash, or a backtick when the directive says so
 * @param syntax the frontend image the file asks for, recorded only
 * @param check the build checks the file configures, recorded only
 */
public record Directives(char escape, Optional<String> syntax, Optional<String> check) {}
