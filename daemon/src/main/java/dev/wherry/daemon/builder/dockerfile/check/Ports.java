package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Expose;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Locale;

/** How ports are written: ExposeProtoCasing, ExposeInvalidFormat. */
final class Ports implements Check {

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (written.instruction() instanceof Expose expose) {
            for (Word word : expose.ports()) {
                stage.words(word).orElse(List.of()).forEach(port -> check(port, word, written, findings));
            }
        }
    }

    private static void check(String port, Word word, SourceInstruction written, Findings findings) {
        String protocol = port.substring(port.indexOf('/') + 1);
        if (port.indexOf('/') >= 0 && !protocol.equals(protocol.toLowerCase(Locale.ROOT))) {
            findings.add(
                    Rule.EXPOSE_PROTO_CASING,
                    written,
                    word.position(),
                    "Defined protocol '" + port + "' in EXPOSE instruction should be lowercase");
        }
        if (port.indexOf(':') >= 0) {
            findings.add(
                    Rule.EXPOSE_INVALID_FORMAT,
                    written,
                    word.position(),
                    "EXPOSE instruction should not define an IP address or host-port mapping, found '" + port + "'");
        }
    }
}
