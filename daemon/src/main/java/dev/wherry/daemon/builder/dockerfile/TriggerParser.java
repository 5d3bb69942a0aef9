package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.OnBuild;
import dev.wherry.daemon.builder.dockerfile.lexer.Heredoc;
import dev.wherry.daemon.builder.dockerfile.lexer.Lexer;
import dev.wherry.daemon.builder.dockerfile.lexer.LogicalLine;
import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** ONBUILD: the instruction after it, once to check it and once to carry it out. */
final class TriggerParser {

    private static final Set<String> FORBIDDEN = Set.of("ONBUILD", "FROM", "MAINTAINER");

    private TriggerParser() {}

    /** Reads an ONBUILD, whose trigger must be an instruction that can be one. */
    static OnBuild parse(Statement statement) {
        TextSpan arguments = statement.arguments();
        LogicalLine inner = statement.line().from(arguments.offset());
        TextSpan keyword = arguments.fields().getFirst();
        if (FORBIDDEN.contains(keyword.text().toUpperCase(Locale.ROOT))) {
            throw statement.problem(
                    keyword, keyword.text().toUpperCase(Locale.ROOT) + " cannot be the trigger of an ONBUILD");
        }
        InstructionParser.parse(inner, statement.escape());
        var trigger = new StringBuilder(arguments.text());
        for (Heredoc heredoc : statement.line().heredocs()) {
            trigger.append('\n').append(heredoc.body()).append(heredoc.name());
        }
        return new OnBuild(statement.position(), statement.source(), trigger.toString());
    }

    /**
     * Reads a trigger out of an image config.
     *
     * @param position where the FROM stands that sets it off; all of it counts as standing there
     */
    static Instruction read(String trigger, Position position) {
        try {
            byte[] text = trigger.getBytes(StandardCharsets.UTF_8);
            if (text.length > Dockerfile.MAX_BYTES) {
                throw DockerfileException.ofFile(position.file(), "it is longer than 1 MiB");
            }
            var lexer = new Lexer(position.file(), text);
            List<LogicalLine> lines = lexer.read();
            if (lines.size() != 1) {
                throw DockerfileException.ofFile(position.file(), "it is not one instruction");
            }
            Statement statement = Statement.of(lines.getFirst(), '\\');
            if (FORBIDDEN.contains(statement.keyword().toUpperCase(Locale.ROOT))) {
                throw statement.problem(statement.keyword() + " cannot be a trigger");
            }
            return InstructionParser.parse(lines.getFirst().at(position), '\\');
        } catch (DockerfileException failure) {
            throw new DockerfileException(
                    position,
                    "",
                    "the ONBUILD trigger " + DockerfileException.quote(trigger) + " of the base image: "
                            + failure.problem());
        }
    }
}
