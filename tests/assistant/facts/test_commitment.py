"""The same grammar in many trades: sentences that commit, aim, refuse or take back, and sentences that only look like it."""

from __future__ import annotations

import pytest

from assistant.facts.commitment import Strength, strength_of
from assistant.facts.conditions import condition_of
from assistant.facts.promises import colleagues_of, promise
from assistant.facts.speech import statements
from tests.assistant.facts.history import ANA, MIA, RAJ, call

SAID: dict[Strength, tuple[str, ...]] = {
    "firm": (
        "We promise a refund of every unused month.",
        "My team will clean the data before it goes in.",
        "Any hardware fault is fixed within four working hours.",
        "You'll have our full source escrow from day one.",
        "Our lab signs the water report within two days.",
        "I'll personally sit with your cashier on opening day.",
        "The booking page will carry your own logo and colours.",
        "Each trainer of yours gets a tablet.",
        "We'll re-tile the two pools ourselves and you won't see an invoice for it.",
        "Every manager will see absence balances for their own team from the day payroll switches over.",
        "Our implementation crew takes care of moving the personnel files out of your old cabinet system.",
        "Nobody on your side has to retype a contract; we load all eleven hundred of them.",
        "Payslips in Dutch and French come as standard.",
        "I'm going to assign Petra to you full time until the first payroll run has gone through.",
        "You won't be billed for leavers, only for people who are active at month end.",
        "We replace any sensor that fails in the first two years, shipping included.",
        "Vibration readings will arrive in your historian every ten seconds.",
        "The gateways are yours to keep after the trial.",
        "We guarantee 99.5 percent uptime for the dashboard.",
        "A technician of ours is on the shop floor for the first three shifts.",
        "Calibration certificates are part of the delivery.",
        "Theatre lists will be available offline in every ward.",
        "You have my word that the rota engine respects the forty-eight hour rule on day one.",
        "Your nurses get a hotline that's staffed around the clock during the first fortnight.",
        "Patient data never leaves the hospital network.",
        "Consider the HL7 link done, it's in the base fee.",
        "We waive the transaction fee for the first term.",
        "Parents can pay in instalments without any extra cost to the school.",
        "The price per pupil stays at £1.40 for three years.",
        "Agreed, we can do a full rehearsal with your data two weeks before go-live.",
        "I cannot waive it, but I can add two extra admin training sessions at no charge.",
        "We're putting a second instance in Montréal for your Canadian entity.",
        "Each of the nine warehouses gets its own onboarding day.",
        "All historic invoices come across, back to 2018.",
        "You pay nothing until the second site is running.",
        "The API has no call limit on your tier.",
        "My colleague Stefan is going to be on site for the whole cutover weekend.",
        "We answer priority-one tickets within thirty minutes, day or night.",
        "That report is going to be there when you log in on the first morning.",
        "We're happy to write a ninety-day exit into the agreement.",
        "Translation into Portuguese is on our bill.",
        "The rate is frozen until the end of 2028.",
        "I'll have the sandbox open for your developers by Monday 6 May.",
        "You'll be able to export everything as CSV at any time.",
        "Two-factor login is switched on for all of your caretakers before handover.",
        "For one hundred and eighty seats on a twenty-four month term I can do eight hundred and twenty-five.",
        "SAML single sign-on and SCIM provisioning are included in your tier at no extra cost.",
        "Your drivers keep their old numbers, we port every one of them.",
        "We'll cover the freight on all replacement readers.",
        "The Polish interface is going to be finished before your Wrocław site opens.",
        "There's no fee for adding branches later.",
        "Our data team rebuilds the three reports you showed me, on us.",
        "You get the same named engineer for the duration of the project.",
        "Every chef has a login of their own, that doesn't cost more.",
        "We keep the old portal running in parallel for six weeks.",
        "I'll knock eight percent off the second year.",
        "All footage is deleted after thirty days, automatically.",
        "We do the lab validation ourselves and you receive the signed protocol.",
        "Support answers in French and German, weekdays seven to seven.",
        "The licence covers contractors as well as staff.",
        "By 12 June the tills in all four canteens take card payments.",
        "I'm authorised to give you ninety days to pay.",
        "We're going to rewire the two gates that you flagged, at our expense.",
        "Your guides get the headsets a week before opening, fully charged.",
        "The audio tour stays available in all eleven languages.",
        "I'll make sure Nils is with you for the first two evenings.",
        "Ticket data is yours, you can take it with you when you go.",
        "No minimum term on the seasonal kiosks.",
        "We match the insurance excess up to five thousand euros.",
        "You'll never pay more than four percent commission with us.",
        "I can do the whole thing for 38,500, and that's final.",
        "We pick up the old barcode scanners and dispose of them for you.",
        "Every invoice since 2016 will be searchable from the first morning.",
    ),
    "conditional": (
        "We drop the second-year fee by ten percent provided you renew before October.",
        "Provided the works agreement is signed by April, we roll the time clocks out to both halls in May.",
        "We'd be glad to include the recruiting module at no charge once you pass five hundred employees.",
        "If the cabinets are wired by the ninth, all forty presses are connected by the thirtieth.",
        "Subject to your safety officer's approval, we'll mount them during the night shift.",
        "As long as your integration engine accepts ADT messages, we go live in radiology on 2 March.",
        "We'll refund the set-up charge should you leave before the summer.",
        "Sign before half-term and the first hundred terminals are free.",
        "Once legal has countersigned, we start the build within five working days.",
        "We can bring that down to $9 a head if you commit to three years.",
        "Unless the council delays the permit, the kiosks stand in all lobbies by 1 September.",
        "Assuming you give us read access this week, the first cohort is live on 3 February.",
        "If procurement approves this month, we'll honour last year's price list.",
        "We can start in week 14 as long as the site survey is back by then.",
        "In return for a reference call, we waive the integration fee.",
        "The second gateway is free when you order more than twenty.",
        "If the museum shop joins, the yearly fee drops by a tenth.",
        "We hold the slot for you until the 20th, after that only if nobody else books.",
        "You can go month to month once the first year is over.",
    ),
    "best_effort": (
        "We're trying to squeeze your pool into the April round.",
        "The plan is to have the Belgian payroll tables ready before summer, that's what we're working towards.",
        "We should be able to get the welding line done in the same week.",
        "We'll do what we can to have the spare parts in Leeds by Friday the 12th.",
        "Our target for the outpatient clinics is the first half of June.",
        "We're shooting for early July for the ambulance module.",
        "Hopefully we can turn that around in two weeks for you.",
        "I'd expect us to be finished with the labs by Easter, no guarantee though.",
        "It is targeted for the end of January 2027.",
        "We'll make every effort to have the Leeds branch switched over before term starts.",
        "Realistically we're hoping for the back half of September on the payroll feed.",
        "My aim is to get your archive across before the audit, but the date isn't guaranteed.",
        "With a bit of luck the scanners are through customs before your opening.",
        "Our intention is to have Basel running by the autumn fair.",
    ),
    "roadmap_statement": (
        "Season passes on the phone are planned for the next big release.",
        "Shift swapping in the phone app is something the product team has slated for the autumn release.",
        "An OPC UA server is planned, but I can't give you a quarter.",
        "Biometric sign-in is coming later this year, it's with engineering now.",
        "That feature sits in our backlog for the spring release.",
        "Dark mode is coming in the winter release.",
        "The team is building a native tablet app, no date yet.",
        "Group bookings by WhatsApp are on our list for next year.",
    ),
    "declined": (
        "Sunday deliveries aren't part of the service.",
        "We can't take over the old vouchers.",
        "Sorry, we don't run payroll for Switzerland.",
        "A dedicated server is not something we can give you.",
        "We can't certify the probes for explosive areas.",
        "Bed management is out of scope for this contract.",
        "No, we can't do net ninety.",
        "On-premise installation isn't something we support.",
        "We're unable to extend the pilot beyond June.",
        "There's no Android version, and there won't be one for you.",
        "We won't be able to match their offer.",
        "I'm afraid a data centre in Norway isn't possible.",
        "Custom fields on the visitor form? No, we don't do that.",
        "That module isn't sold separately.",
        "We don't integrate with Lightspeed.",
        "No, the excess can't be lower than five hundred.",
        "That's outside what we offer.",
    ),
    "retracted": (
        "Forget what I said about the free turnstile, head office won't have it.",
        "I have to correct myself on the travel module: I said it was part of the bundle, and it isn't.",
        "The five-year warranty I mentioned on Tuesday was a mistake, it's two years.",
        "Please disregard what I wrote about unlimited storage, I got that wrong.",
        "We can't stand by the March date I gave you any more.",
        "I told you the tablets were included; that was my error, they're not.",
        "We have to take the April date off the table, I'm sorry.",
        "I quoted you nine languages for the kiosks; I need to walk that back.",
    ),
}


@pytest.mark.parametrize(("strength", "words"), [(strength, words) for strength, many in SAID.items() for words in many])
def test_a_commitment_is_told_by_its_grammar_whatever_the_trade(strength: Strength, words: str) -> None:
    assert strength_of(words, is_ours=lambda name: name == "ana", asked="And what about us?", answers_request=True) == strength


BY_US = (
    "I can imagine that's annoying.",
    "Some pools stop in winter, some don't.",
    "We've been doing this for twenty years.",
    "Everybody gets nervous before opening day.",
    "Let me share the booking page.",
    "If it were my pool, I'd close in winter.",
    "I'd need a water report first.",
    "They said the pool opens in May.",
    "Your cashier will love it.",
    "We'll come to the vouchers in a minute.",
    "You'd pay for the turnstiles yourselves, I guess.",
    "The city will sign off or it won't.",
    "Do your trainers have tablets already?",
    "I'll swim a few lanes after this.",
    "So you want every ward to have it offline?",
    "Would it help if we included the training?",
    "If we were to host it in Zurich, that would be a different price.",
    "Let's say we did the first hall in May, what would that change for you?",
    "Your current vendor promised you six months, if I remember.",
    "The other lot will give you free terminals, I hear.",
    "Nordvik will run the middleware, that's their part and they quote it themselves.",
    "Your integrator has to deliver the message mapping.",
    "I'll circulate the notes this afternoon.",
    "I'm going to pull up the rota screen, one second.",
    "You'll see a green bar at the top, that's the ward.",
    "And when I click here the shift moves and everybody gets a message.",
    "We'll pick this up again next Tuesday.",
    "It'll be great to see you all in person.",
    "We were founded in 2011 and we have four hundred customers.",
    "I have no idea whether the probes survive that heat.",
    "I don't know yet if we can do Swiss payroll.",
    "Maybe we could look at a smaller package.",
    "In theory you could run both halls on one gateway.",
    "Another hospital had all wards live in eight weeks.",
    "For a school in Kent we did it over one weekend.",
    "What I'm hearing is that you want the price fixed for three years.",
    "You asked whether the sensors are included, so I've noted that down.",
    "I need to run that past our finance director.",
    "We'd have to see the data first.",
    "That depends on how many pupils you have.",
    "I won't commit to a month today.",
    "Thanks, that's really helpful, we'll take it from there.",
    "I'll be honest, this is a lot of change for a small team.",
    "You'll want to talk to your safety officer first.",
    "We will need a list of all leavers from you by Friday.",
    "If you could send us the floor plan, we'd appreciate it.",
    "Can you have the cabinets wired by then?",
    "I'd love to say yes to that.",
    "Our CEO keeps saying we'll take over the world.",
    "Typically that takes a hospital about four months.",
    "Don't worry about the slides, I'll resend them tonight.",
    "We look forward to working with you.",
    "I can hear you now, yes.",
    "I'll ping our legal team and see what they think.",
    "You're going to laugh, but my kids use this.",
    "How many warehouses would be included in phase one?",
    "Stefan will join us in five minutes.",
    "Suppose the permit came in June, then we'd be talking about autumn.",
    "Their contract says they deliver in four weeks, good luck with that.",
    "Your IT department will open the ports, as agreed.",
    "I hope we can find a way.",
    "I can show you how the kiosk looks in the lobby.",
    "Let me see if I can get you an answer by tomorrow.",
    "I'm not able to say anything about pricing on this call.",
    "We've never had a customer with that many sites.",
    "Most of our customers start with two labs.",
    "This button is where you will find the export.",
    "Have a good weekend, I'll call you Monday.",
    "Somebody from the council will approve it, or they won't.",
    "I'd suggest you keep the old system for a month.",
    "It would be nice to have all nine in one go.",
    "We might throw in a workshop, I need to check.",
    "I'll put the question on my list.",
    "You told us you pay nine dollars a head today.",
    "My understanding is that your contract with them runs until March.",
    "We are a team of sixty in Ghent.",
    "We'll see how it goes with the first branch.",
    "I'll have my coffee and then we can begin.",
    "You get a feel for it after a week.",
    "All of this runs in the browser, as you can see.",
    "We've delivered for two universities in Scotland.",
    "Who on your side would keep the portal running?",
    "It would mean moving every chef to a new login.",
    "They'll knock ten percent off, that's what they always do.",
    "Your auditors will ask for the protocol.",
    "Could be that the licence covers contractors, I'd have to read it.",
    "I'll let you get back to your day.",
    "We'll need the site survey back by week 12.",
    "Please send me the four canteen addresses.",
    "My boss will kill me if I give you more.",
    "We're on version nine now, so a lot has changed.",
    "Every company says that.",
    "It's raining here, it always is in April.",
    "What happens if the Leeds branch isn't ready by term start?",
    "I'm not the right person for that, Priti handles contracts.",
    "You were saying that the old tills break every month.",
    "Nobody can tell you today what footage rules will look like in 2028.",
    "So your goal is to have all four canteens on cards.",
    "I'd be surprised if they kept that price.",
    "Let me write that down so that we don't forget it.",
    "If I were you, I'd order more than twenty.",
    "That screen is where your team lead approves leave.",
    "We'll speak to Karim about the gateway and revert.",
    "In my last job we deleted footage after ten days.",
    "We'll find something to eat around the corner.",
    "Are the headsets supposed to be charged when they arrive?",
    "I'll leave you with Nils for the rest.",
    "You get all kinds of visitors in summer, I suppose.",
    "We went through customs twice last year.",
    "If only we had a warehouse in Basel.",
    "You mentioned four percent commission with your current provider.",
    "Somebody will have to sign for the delivery on your side.",
    "I'll bring Nils up to speed before Thursday.",
    "They pick up the old scanners, we'd have to match that.",
    "It'll make more sense once you see it.",
    "Would every guide need one, or every second one?",
    "I promise I'm almost done talking.",
    "Our office is in the old harbour, you can't miss it.",
    "We'll need your logo in vector format by Friday.",
)
BY_THEM = (
    "We will close the pool in October.",
    "We need the absence module to be free for the first year.",
    "You will load all of our contracts, right, before payroll starts.",
    "We'll have the firewall open by the fifteenth.",
    "If you give us thirty percent we sign tomorrow.",
    "Our finance team will pay within sixty days.",
    "We will give you access to the archive by 3 May.",
    "The licence must cover contractors as well.",
    "We'll sign if you include the shop.",
    "Every invoice since 2016 has to be searchable.",
)


@pytest.mark.parametrize("words", BY_US)
def test_questions_suppositions_errands_and_small_talk_commit_nobody(words: str) -> None:
    said = call((MIA, "And what about us?"), (ANA, words))
    assert [made.strength for statement in statements(said) if (made := promise(statement))] == []


@pytest.mark.parametrize("words", BY_THEM)
def test_what_the_customer_asks_or_undertakes_commits_nobody_of_ours(words: str) -> None:
    said = call((ANA, "And what about you?"), (MIA, words))
    assert [made.strength for statement in statements(said) if (made := promise(statement))] == []


def test_a_colleague_is_committed_by_name_and_a_stranger_is_not() -> None:
    earlier = call((MIA, "Hello."), (RAJ, "Hello, I am the engineer."))
    said = call((MIA, "And the certificate?"), (ANA, "Raj will send the safety certificate by October fifteenth."))
    [answer] = [statement for statement in statements(said) if statement.side == "seller"]
    assert promise(answer) is None
    made = promise(answer, colleagues_of([earlier, said]))
    assert made is not None
    assert made.strength == "firm"
    assert strength_of("Nordvik will send the safety certificate by October fifteenth.") is None


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("If you sign by Friday, the first month is free.", "If you sign by Friday"),
        ("The first month is free if you sign by Friday.", "if you sign by Friday"),
        ("I asked, and it is yes: if it is signed by Friday, the first month is free.", "if it is signed by Friday"),
        ("If the trial fails you can walk after sixty days.", "If the trial fails"),
        ("Sign before half-term and the first hundred terminals are free.", "Sign before half-term"),
        ("You can call me if you like.", ""),
        ("The first month is free.", ""),
    ],
)
def test_the_condition_is_what_the_main_clause_hangs_on(words: str, condition: str) -> None:
    assert condition_of(words) == condition


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("The lifts are in within three weeks of when you sign.", ""),
        ("If you hate it, you get your money back.", ""),
        ("The lifts are in when you sign by March.", "when you sign by March"),
    ],
)
def test_a_day_to_count_from_and_the_customers_own_liking_are_no_conditions(words: str, condition: str) -> None:
    assert condition_of(words) == condition


@pytest.mark.parametrize(
    "words",
    [
        "The 9,400 is good through Friday, 16 October.",
        "That price stays on the table until the end of the month.",
        "A fifth of the fee isn't invoiced until you have signed off on the first two shops.",
        "But sign with us by May and I'd have all six shops up and running before the summer.",
    ],
)
def test_an_offer_that_stands_for_a_while_hangs_on_their_word(words: str) -> None:
    assert condition_of(words)


def test_the_sentence_behind_a_promise_may_be_what_it_hangs_on() -> None:
    said = call((MIA, "And the old tickets?"), (ANA, "We bring all of them over by the end of May. If you can get them scanned."))
    made = [one for statement in statements(said) if (one := promise(statement))]
    assert [(one.strength, one.conditions) for one in made][:1] == [("conditional", "If you can get them scanned")]
