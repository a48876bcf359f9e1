using AiStackDeployer.Contract;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiStackDeployer.Tests.Deployments;

public sealed class IngestTokensTests
{
    private readonly MemoryDeploymentStore _store = new(new DeploymentSignals());
    private readonly CountingSecrets _secrets = new();
    private readonly IngestTokens _tokens;

    public IngestTokensTests() => _tokens = new IngestTokens(_store, _secrets, NullLogger<IngestTokens>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_stack_has_the_hash_of_its_own_token_and_no_password_is_decrypted_twice()
    {
        await ClaimAsync("ann-lab");
        await ClaimAsync("bob-lab");

        var first = await _tokens.ListAsync(Token);
        var second = await _tokens.ListAsync(Token);

        Assert.Equal([("ann-lab", HashOf("ann-lab")), ("bob-lab", HashOf("bob-lab"))], first.Select(t => (t.Name.Value, t.TokenHash)));
        Assert.Equal(first, second);
        Assert.Equal(2, _secrets.Decrypted);
    }

    [Fact]
    public async Task What_comes_is_added_and_what_is_released_is_gone()
    {
        var ann = await ClaimAsync("ann-lab");
        await _tokens.ListAsync(Token);
        await ClaimAsync("bob-lab");
        await _store.ChangeAsync(ann, deployment => deployment.RequestCancel(Some.Start), Token);

        Assert.Equal(["bob-lab"], (await _tokens.ListAsync(Token)).Select(t => t.Name.Value));
        Assert.Equal(2, _secrets.Decrypted);
    }

    [Fact]
    public async Task A_stack_whose_password_cannot_be_read_keeps_no_other_one_from_its_log()
    {
        await ClaimAsync("ann-lab");
        _secrets.AreLost = true;
        Assert.Empty(await _tokens.ListAsync(Token));
        _secrets.AreLost = false;
        await ClaimAsync("bob-lab");

        Assert.Equal(["bob-lab"], (await _tokens.ListAsync(Token)).Select(t => t.Name.Value));
    }

    private static string HashOf(string name) => StackKeys.HashOf(StackKeys.IngestToken($"stk_usr_1_{name}"));

    /// <summary>The stack's id is its password.</summary>
    private async Task<string> ClaimAsync(string name) =>
        Assert.IsType<BeginResult.Started>(await _store.BeginAsync(Some.Claim(name, "usr_1", name), Token)).Deployment.Id;

    private sealed class CountingSecrets : ISecretProtector
    {
        public int Decrypted { get; private set; }

        public bool AreLost { get; set; }

        public string Protect(string secret) => "p:" + secret;

        public string Unprotect(string protectedSecret)
        {
            Decrypted++;
            return AreLost ? throw new SecretUnreadableException(new InvalidOperationException()) : protectedSecret[2..];
        }
    }
}
