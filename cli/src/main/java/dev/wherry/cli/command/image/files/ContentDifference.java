package dev.wherry.cli.command.image.files;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.Patch;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.TerminalText;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The text of one file in two images, as diff(1) compares it. A file that one of them lacks is empty there. */
final class ContentDifference {
    /** The longest file whose lines are compared. */
    private static final int LARGEST = 16 << 20;

    private static final int CONTEXT = 3;
    private static final int LOOKED_AT = 8000;
    private static final String NO_NEWLINE = "\n\\ No newline at end of file";

    private final Session session;
    private final String platform;
    private final String before;
    private final String after;

    ContentDifference(Session session, String platform, String before, String after) {
        this.session = session;
        this.platform = platform;
        this.before = before;
        this.after = after;
    }

    /** A file of one side; null if the side has none. */
    private record Side(String name, byte[] content) {
        boolean isBinary() {
            for (int i = 0; content != null && i < Math.min(content.length, LOOKED_AT); i++) {
                if (content[i] == 0) {
                    return true;
                }
            }
            return false;
        }

        String label() {
            return content == null ? "/dev/null" : name;
        }
    }

    void print(String path) {
        Side one = read(before, path);
        Side other = read(after, path);
        if (one.content() == null && other.content() == null) {
            throw new Failure("image diff: neither " + before + " nor " + after + " has a file " + path);
        }
        PrintStream out = session.console().out();
        if (Arrays.equals(one.content(), other.content())) {
            return;
        }
        if (one.isBinary() || other.isBinary()) {
            out.println("Binary files " + one.label() + " and " + other.label() + " differ");
            return;
        }
        for (String line : unified(one.label(), lines(one.content()), other.label(), lines(other.content()))) {
            out.println(session.console().outIsTerminal() ? TerminalText.escapedLines(line) : line);
        }
    }

    static List<String> unified(String name, List<String> lines, String otherName, List<String> otherLines) {
        Patch<String> found = DiffUtils.diff(lines, otherLines, new MyersDiffWithLinearSpace<>());
        Patch<String> patch = new Patch<>();
        AbstractDelta<String> last = null;
        for (AbstractDelta<String> delta : found.getDeltas()) {
            if (last != null && touch(last, delta)) {
                last = new ChangeDelta<>(
                        both(last.getSource(), delta.getSource(), lines),
                        both(last.getTarget(), delta.getTarget(), otherLines));
            } else {
                if (last != null) {
                    patch.addDelta(last);
                }
                last = delta;
            }
        }
        if (last != null) {
            patch.addDelta(last);
        }
        return UnifiedDiffUtils.generateUnifiedDiff(name, otherName, lines, patch, CONTEXT);
    }

    /** The algorithm reports lines that take the place of others as an insertion beside a deletion. */
    private static boolean touch(AbstractDelta<String> one, AbstractDelta<String> next) {
        return end(one.getSource()) == next.getSource().getPosition()
                && end(one.getTarget()) == next.getTarget().getPosition();
    }

    private static int end(Chunk<String> chunk) {
        return chunk.getPosition() + chunk.size();
    }

    private static Chunk<String> both(Chunk<String> one, Chunk<String> next, List<String> lines) {
        return new Chunk<>(one.getPosition(), new ArrayList<>(lines.subList(one.getPosition(), end(next))));
    }

    /** The lines of a text; the last one says so if no newline ends it, as in diff(1), and so differs from one with it. */
    static List<String> lines(byte[] content) {
        if (content == null || content.length == 0) {
            return List.of();
        }
        String text = new String(content, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (text.endsWith("\n")) {
            lines.removeLast();
        } else {
            lines.set(lines.size() - 1, lines.getLast() + NO_NEWLINE);
        }
        return lines;
    }

    private Side read(String image, String path) {
        String name = image + ":" + path;
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        OutputStream bounded = new OutputStream() {
            @Override
            public void write(int value) {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                if (content.size() + length > LARGEST) {
                    throw new Failure("image diff: " + name + " is too long to compare as text: it has more than "
                            + (LARGEST >> 20) + " MiB");
                }
                content.write(bytes, offset, length);
            }
        };
        try {
            ReadImageFileCommand.copy(session, new ImagePath(image, path), platform, bounded);
            return new Side(name, content.toByteArray());
        } catch (Failure failure) {
            if (CallFailures.isNotFound(failure.getCause(), "file")) {
                return new Side(name, null);
            }
            throw failure;
        }
    }
}
