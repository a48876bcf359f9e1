using AiStackDeployer.Contract;

namespace AiStackDeployer.Tests.Contract;

public sealed class StackKeysTests
{
    private const string Password = "correct horse";

    /// <summary>Computed by another implementation of RFC 5869. Another value ends every ticket, session and token of running stacks.</summary>
    [Fact]
    public void The_keys_of_a_password_never_change()
    {
        Assert.Equal("9fb5db510e8f46ce7e04e246cab223f508b47e54eccc60945ca6a3a030e626a3", Convert.ToHexStringLower(StackKeys.TicketKey(Password)));
        Assert.Equal("3517fedb687b65ae0344e6247ec7985a41540365781879b790cd08fe5c07128f", Convert.ToHexStringLower(StackKeys.SessionKey(Password)));
        Assert.Equal("aisl_ef7f9217676fcacdc5b162ee441755ba465045897d696dd73f82e43ddb9a3d35", StackKeys.IngestToken(Password));
        Assert.Equal("b85e569ae47122950075ac052ee4201ad6cb67faca76a311b9630f9cd4d5973c", StackKeys.HashOf(StackKeys.IngestToken(Password)));
    }

    [Fact]
    public void Another_password_has_other_keys()
    {
        Assert.NotEqual(StackKeys.TicketKey(Password), StackKeys.TicketKey(Password + " "));
        Assert.NotEqual(StackKeys.SessionKey(Password), StackKeys.SessionKey(Password + " "));
        Assert.NotEqual(StackKeys.IngestToken(Password), StackKeys.IngestToken(Password + " "));
    }
}
