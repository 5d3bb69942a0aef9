package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.lexer.Directives;
import dev.wherry.daemon.builder.dockerfile.lexer.Lexer;
import dev.wherry.daemon.builder.dockerfile.lexer.LogicalLine;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.SourceLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Dockerfile that has been read: what its instructions are, not yet what they mean. Nothing is expanded or looked up;
 * a name after FROM or {@code --from} may still turn out to be unknown.
 *
 * @param directives the parser directives at its top
 * @param globalArgs each ARG before the first FROM
 * @param stages at least one
 * @param written every instruction in the order of the file, with how it is written
 */
public record Dockerfile(
        Directives directives, List<Arg> globalArgs, List<Stage> stages, List<SourceInstruction> written) {

    /** The largest file that is read, in bytes. */
    public static final int MAX_BYTES = SourceLines.MAX_BYTES;

    public Dockerfile {
        globalArgs = List.copyOf(globalArgs);
        stages = List.copyOf(stages);
        written = List.copyOf(written);
    }

    /**
     * Reads a Dockerfile (Dockerfile reference).
     *
     * @param fileName what messages call the file
     * @param text UTF-8, at most {@link #MAX_BYTES}
     * @throws DockerfileException at the first thing that is malformed, unknown or not supported
     */
    public static Dockerfile parse(String fileName, byte[] text) {
        if (text.length > MAX_BYTES) {
            throw DockerfileException.ofFile(fileName, "the file is larger than 1 MiB");
        }
        var lexer = new Lexer(fileName, text);
        List<LogicalLine> lines = lexer.read();
        if (lines.isEmpty()) {
            String what = text.length == 0 ? "the file is empty" : "the file has no instructions";
            throw DockerfileException.ofFile(fileName, what + " (it needs at least a FROM)");
        }
        var assembly = new Assembly();
        for (LogicalLine line : lines) {
            char escape = lexer.directives().escape();
            assembly.add(new SourceInstruction(InstructionParser.parse(line, escape), line, escape), line);
        }
        return assembly.finish(lexer.directives());
    }

    /**
     * The readable part of a file that {@link #parse} refuses: all instructions before the first malformed or unknown
     * one, and of the rest of the file, whose lines can be joined but not understood, the empty continuation lines.
     *
     * @param emptyContinuations the empty continuation lines from the first unreadable instruction on
     */
    public record Beginning(
            Directives directives, List<SourceInstruction> instructions, List<Position> emptyContinuations) {

        /** @param text of a file that cannot be parsed */
        public static Beginning of(String fileName, byte[] text) {
            var lexer = new Lexer(fileName, text);
            List<SourceInstruction> instructions = new ArrayList<>();
            List<LogicalLine> lines = List.of();
            try {
                lines = lexer.read();
                for (LogicalLine line : lines) {
                    char escape = lexer.directives().escape();
                    instructions.add(new SourceInstruction(InstructionParser.parse(line, escape), line, escape));
                }
            } catch (DockerfileException malformed) {
                // The build reports it.
            }
            Directives directives =
                    lines.isEmpty() ? new Directives('\\', Optional.empty(), Optional.empty()) : lexer.directives();
            List<Position> emptyContinuations = lines.stream()
                    .skip(instructions.size())
                    .flatMap(line -> line.emptyContinuation().stream())
                    .toList();
            return new Beginning(directives, instructions, emptyContinuations);
        }
    }

    /**
     * Reads an instruction that an image has kept for its children (ONBUILD).
     *
     * @param position where the FROM stands that sets it off; all of it counts as standing there
     * @throws DockerfileException when it is none, or one that cannot be a trigger
     */
    public static Instruction parseTrigger(String trigger, Position position) {
        return TriggerParser.read(trigger, position);
    }

    /** Groups instructions into stages as they come. */
    private static final class Assembly {
        private final List<Arg> globalArgs = new ArrayList<>();
        private final List<Stage> stages = new ArrayList<>();
        private final List<Instruction> current = new ArrayList<>();
        private final List<SourceInstruction> all = new ArrayList<>();
        private From from;

        void add(SourceInstruction written, LogicalLine line) {
            Instruction instruction = written.instruction();
            all.add(written);
            if (instruction instanceof From next) {
                endStage();
                from = next;
            } else if (from != null) {
                current.add(instruction);
            } else if (instruction instanceof Arg arg) {
                globalArgs.add(arg);
            } else {
                throw new DockerfileException(
                        instruction.position(),
                        line.text(),
                        "the first instruction must be FROM; only ARG may come before it");
            }
        }

        private void endStage() {
            if (from != null) {
                stages.add(new Stage(stages.size(), from.name(), from, current));
                current.clear();
            }
        }

        Dockerfile finish(Directives directives) {
            endStage();
            if (stages.isEmpty()) {
                Arg last = globalArgs.getLast();
                throw new DockerfileException(
                        last.position(), last.source(), "there is no FROM after the last ARG; an image needs one");
            }
            return new Dockerfile(directives, globalArgs, stages, all);
        }
    }
}
