package dev.wherry.daemon.builder.dockerfile.word;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.List;

/**
 * Text of an instruction that undergoes variable substitution, kept as it is written until the values are known
 * (Dockerfile reference, "Environment replacement").
 *
 * @param raw the text with its quotes, escapes and variables
 * @param escape the file's escape character, a backslash or a backtick
 * @param position where the word starts
 */
public record Word(String raw, char escape, Position position) {

    /**
     * The text with variables replaced and quotes and escapes removed, as one string: spaces stay.
     *
     * @throws DockerfileException when the syntax is wrong, a {@code ${name:?message}} fails, or the result exceeds
     *     {@value Expansion#MAX_LENGTH} characters
     */
    public String expand(Scope scope) {
        return new Expansion(this, scope).text();
    }

    /**
     * The text with variables replaced, as the body of a here-document: quotes are text, and an escape character goes
     * and leaves what it stands before.
     *
     * @throws DockerfileException as {@link #expand} does
     */
    public String expandDocument(Scope scope) {
        return Expansion.ofDocument(this, scope).text();
    }

    /**
     * The same, split at white space that is not quoted, after substitution: one variable may give several words.
     *
     * @throws DockerfileException as {@link #expand} does
     */
    public List<String> expandToWords(Scope scope) {
        return new Expansion(this, scope).words();
    }
}
