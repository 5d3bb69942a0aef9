package dev.wherry.daemon.builder.dockerfile.word;

import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;

/**
 * A here-document that COPY or ADD writes to a file, or that RUN hands to its shell.
 *
 * @param name the word that ends it, without its quotes: the name of the file that COPY and ADD make of it
 * @param body its lines, each with its line end, as they are before substitution; of {@code <<-} without the tabs that
 *     begin lines
 * @param expands whether COPY and ADD replace variables in it, as {@link Word#expandDocument} does; not when its name
 *     is quoted. RUN leaves it to the shell.
 * @param escape the file's escape character
 * @param position where its {@code <<} stands
 */
public record HereDocument(String name, String body, boolean expands, char escape, Position position) {

    /**
     * The text of the file: the body with variables replaced where the document asks for it. Quotes in it mean nothing.
     *
     * @throws DockerfileException as {@link Word#expand} does
     */
    public String text(Scope scope) {
        return expands ? new Word(body, escape, position).expandDocument(scope) : body;
    }
}
