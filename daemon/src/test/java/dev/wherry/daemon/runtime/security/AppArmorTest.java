package dev.wherry.daemon.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppArmorTest {

    private static final Optional<String> NONE = Optional.empty();

    @TempDir
    Path host;

    private AppArmor apparmor;

    @BeforeEach
    void enable() throws IOException {
        apparmor = new AppArmor(host, List.of(host.resolve("sbin")));
        write("module/apparmor/parameters/enabled", "Y\n");
        profiles("man_groff (enforce)\nlsb_release (complain)\n");
    }

    @Test
    void containersGetTheDefaultProfileUnlessNothingIsKeptFromThem() throws IOException {
        profiles("wherry-default (enforce)\n");

        assertThat(apparmor.profile(NONE, false)).contains("wherry-default");
        assertThat(apparmor.profile(NONE, true)).isEmpty();
        assertThat(apparmor.profile(Optional.of("unconfined"), false)).isEmpty();
        assertThat(apparmor.describe(NONE, false)).isEqualTo("wherry-default");
        assertThat(apparmor.describe(NONE, true)).isEqualTo("unconfined");
    }

    @Test
    void withoutAppArmorThereIsNoProfileAndUnconfinedIsNone() throws IOException {
        write("module/apparmor/parameters/enabled", "N\n");

        assertThat(apparmor.profile(NONE, false)).isEmpty();
        assertThat(apparmor.profile(Optional.of("unconfined"), false)).isEmpty();
        assertThat(apparmor.describe(NONE, false)).isEmpty();
    }

    @Test
    void aProfileThatIsNotLoadedIsNamed() {
        assertThat(apparmor.profile(Optional.of("lsb_release"), true)).contains("lsb_release");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> apparmor.profile(Optional.of("nosuch"), false))
                .withMessageContaining("\"nosuch\" is not loaded")
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.RUNTIME_FAILED));
        assertThatCode(() -> apparmor.requireLoaded("lsb_release")).doesNotThrowAnyException();
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> apparmor.requireLoaded("nosuch"))
                .withMessageContaining("\"nosuch\" is not loaded");
    }

    @Test
    void loadsTheDefaultProfileOncePerBootAndText() throws IOException {
        Path mark = host.resolve("mark");
        parser("cat >>" + host.resolve("given") + "\necho 'wherry-default (enforce)' >" + host.resolve("profiles.new")
                + "\nmv " + host.resolve("profiles.new") + " " + host.resolve("kernel/security/apparmor/profiles"));

        apparmor.loadDefault(mark);
        apparmor.loadDefault(mark);

        assertThat(apparmor.hasDefault()).isTrue();
        assertThat(host.resolve("given")).hasContent(AppArmor.text());
        Files.writeString(mark, "of an older daemon");
        apparmor.loadDefault(mark);
        assertThat(host.resolve("given")).hasContent(AppArmor.text() + AppArmor.text());
    }

    @Test
    void aProfileThatIsRefusedIsAnErrorAndAHostWithoutTheParserIsNone() throws IOException {
        apparmor.loadDefault(host.resolve("mark"));

        parser("echo 'syntax error, line 3' >&2; exit 1");

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> apparmor.loadDefault(host.resolve("mark")))
                .withMessageContaining("wherry-default")
                .withMessageContaining("syntax error, line 3");
        assertThat(host.resolve("mark")).doesNotExist();
    }

    private void parser(String script) throws IOException {
        Path program = write("sbin/apparmor_parser", "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void profiles(String list) throws IOException {
        write("kernel/security/apparmor/profiles", list);
    }

    private Path write(String name, String text) throws IOException {
        Path file = host.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
