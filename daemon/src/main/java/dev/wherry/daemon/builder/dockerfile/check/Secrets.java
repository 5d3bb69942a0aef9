package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.Locale;
import java.util.Set;

/** Variables whose name says that their value is secret: SecretsUsedInArgOrEnv. */
final class Secrets implements Check {

    private static final Set<String> TELLING = Set.of(
            "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token");
    private static final Set<String> HARMLESS = Set.of("public", "file", "version");

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (stage.isBeforeFirst()) {
            return;
        }
        if (written.instruction() instanceof Arg arg) {
            arg.declarations().forEach(declaration -> check("ARG", declaration.name(), written, findings));
        } else if (written.instruction() instanceof Env env) {
            env.pairs().forEach(pair -> check("ENV", pair.key(), written, findings));
        }
    }

    private static void check(String keyword, Word name, SourceInstruction written, Findings findings) {
        if (isSecret(name.raw())) {
            findings.add(
                    Rule.SECRETS_USED_IN_ARG_OR_ENV,
                    written,
                    name.position(),
                    "Do not use ARG or ENV instructions for sensitive data (" + keyword + " \"" + name.raw() + "\")");
        }
    }

    /** Whether a word between underscores tells, and none says that it is harmless. */
    private static boolean isSecret(String name) {
        boolean telling = false;
        for (String word : name.toLowerCase(Locale.ROOT).split("_")) {
            if (HARMLESS.contains(word)) {
                return false;
            }
            telling |= TELLING.contains(word);
        }
        return telling;
    }
}
