package dev.wherry.daemon.builder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/a.git",
                "http://example.com/a.git#main",
                "https://example.com/a.git?ref=main",
                "git://example.com/a",
                "ssh://git@example.com/a",
                "git@example.com:a/b",
                "deploy@example.com:a.git#v1:dir",
                "github.com/user/a"
            })
    void repositoriesAreToldByTheirAddresses(String address) {
        assertThat(GitUrl.isOne(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/a.tar",
                "https://example.com/a.git/file",
                "https://example.com/a?file=b.git",
                "./a.git",
                "a@b",
                "file:///a.git",
                "--upload-pack=x@y:z"
            })
    void otherAddressesAndPathsAreNone(String address) {
        assertThat(GitUrl.isOne(address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "https://h/a.git,https://h/a.git,-,-",
                "https://h/a.git#main,https://h/a.git,main,-",
                "https://h/a.git#main:dir/b,https://h/a.git,main,dir/b",
                "https://h/a.git#:/dir/,https://h/a.git,-,dir",
                "https://h/a.git#feature/x#1,https://h/a.git,feature/x#1,-",
                "https://h/a.git?ref=v1&subdir=d%20e,https://h/a.git,v1,d e",
                "https://h/a.git?branch=v1,https://h/a.git,refs/heads/v1,-",
                "https://h/a.git?tag=v1,https://h/a.git,refs/tags/v1,-",
                "github.com/user/a#x,https://github.com/user/a,x,-",
                "git://h:123/a,git://h:123/a,-,-"
            })
    void fragmentOrQueryNameRefAndDirectory(String address, String remote, String ref, String directory) {
        GitUrl url = GitUrl.parse(address);

        assertThat(url.remote()).isEqualTo(remote);
        assertThat(url.ref()).isEqualTo(Optional.ofNullable(ref));
        assertThat(url.subdirectory()).isEqualTo(Optional.ofNullable(directory));
    }

    @Test
    void querySaysWhatFlagsSayElsewhere() {
        GitUrl url = GitUrl.parse("https://h/a.git?keep-git-dir=true&submodules=false&commit=0123abc");

        assertThat(url.keepGitDir()).contains(true);
        assertThat(url.submodules()).isFalse();
        assertThat(url.checksum()).contains("0123abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h/a.git#--upload-pack=touch",
                "https://h/a.git#-x",
                "https://h/a.git#a..b",
                "https://h/a.git#a@{1}",
                "https://h/a.git#a b",
                "https://h/a.git#a:../b",
                "https://h/a.git#a:b/../../c",
                "https://-oProxyCommand=x/a.git",
                "git://-h/a",
                "git:///a",
                "https://h/a.git?ref=a&other=b",
                "https://h/a.git?ref=a#b",
                "https://h/a.git?keep-git-dir=maybe",
                "https://user:password@h/a.git"
            })
    void whatGitCouldMistakeIsRefused(String address) {
        assertThatThrownBy(() -> GitUrl.parse(address))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("password@");
    }

    @ParameterizedTest
    @ValueSource(strings = {"git@example.com:a.git", "ssh://example.com/a.git", "ssh://git@example.com:2222/a.git"})
    void sshTakesAUserAndNoPassword(String address) {
        GitUrl url = GitUrl.parse(address + "#main:dir");
        assertThat(url.remote()).isEqualTo(address);
        assertThat(url.isSsh()).isTrue();
        assertThat(url.ref()).contains("main");
        assertThat(GitUrl.parse("https://example.com/a.git").isSsh()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://git:secret@example.com/a.git",
                "ssh://-oProxyCommand=x@h/a.git",
                "ssh://-oProxyCommand=x/a.git"
            })
    void sshTakesNothingThatIsASecretOrAnOption(String address) {
        assertThatThrownBy(() -> GitUrl.parse(address)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void checksumIsACommitOrItsFirstDigits() {
        GitUrl url = GitUrl.parse("https://h/a.git");

        assertThat(url.withChecksum("0123456789ABCDEF").checksum()).contains("0123456789abcdef");
        assertThatThrownBy(() -> url.withChecksum("sha256:00")).hasMessageContaining("40 hexadecimal digits");
    }
}
