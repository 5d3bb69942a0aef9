package dev.wherry.cli.app;

import dev.wherry.cli.view.TerminalText;

/**
 * A word that a shell may offer.
 *
 * @param description what it is; may be empty
 */
public record Candidate(String word, String description) {

    /** Whether the word begins with what was typed, and is one that a terminal shows as it is. */
    public boolean continues(String typed) {
        return word.startsWith(typed)
                && !word.isEmpty()
                && TerminalText.oneLine(word).equals(word);
    }

    /** The line that the scripts of the shells read. */
    public String line() {
        String said = TerminalText.oneLine(description);
        return said.isEmpty() ? word : word + "\t" + said;
    }
}
