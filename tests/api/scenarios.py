"""The browser scenarios of the interface's design, B1 to B32, and the tests that hold each.

`A::b` is the test `b` of `tests/api/test_A.py`; `C/A::b` that of `tests/C/test_A.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

SCENARIOS: Mapping[str, tuple[str, ...]] = {
    "B1": ("measured_in_a_browser::test_no_page_asks_another_place_and_what_asking_needs_is_small",),
    "B2": ("asking_in_a_browser::test_an_account_is_chosen_by_keys_alone",),
    "B3": ("measured_in_a_browser::test_the_question_stands_there_at_once_and_what_arrives_moves_nothing",),
    "B4": ("asking_in_a_browser::test_every_claim_has_a_chip_and_every_chip_opens_its_exact_words",),
    "B5": ("asking_in_a_browser::test_the_card_comes_with_pointer_and_focus_can_be_entered_and_goes_with_escape",),
    "B6": (
        "asking_in_a_browser::test_every_claim_has_a_chip_and_every_chip_opens_its_exact_words",
        "measured_in_a_browser::test_a_citation_opens_within_one_round_trip",
    ),
    "B7": ("asking_in_a_browser::test_every_claim_has_a_chip_and_every_chip_opens_its_exact_words",),
    "B8": ("asking_in_a_browser::test_marks_stay_exact_behind_emoji_and_joined_signs",),
    "B9": ("asking_in_a_browser::test_a_source_edited_since_says_so_and_still_shows_the_cited_words",),
    "B10": (
        "asking_in_a_browser::test_by_keyboard_alone_from_question_to_quote_and_back",
        "asking_in_a_browser::test_the_address_brings_back_thread_panel_and_mark_and_back_leaves_them",
    ),
    "B11": ("asking_in_a_browser::test_the_address_brings_back_thread_panel_and_mark_and_back_leaves_them",),
    "B12": ("asking_in_a_browser::test_what_nobody_said_is_a_card_with_a_receipt_and_goes_on_the_gap_list",),
    "B13": ("asking_in_a_browser::test_a_claim_that_is_withdrawn_leaves_the_page",),
    "B14": ("asking_in_a_browser::test_a_running_answer_shows_what_it_reads_and_is_stopped_on_the_server_too",),
    "B15": (
        "asking_in_a_browser::test_a_connection_that_breaks_is_tried_again_and_nothing_is_told_twice",
        "asking_in_a_browser::test_after_three_tries_the_answer_has_failed_and_can_be_asked_again",
    ),
    "B16": ("asking_in_a_browser::test_copied_text_holds_the_numbers_and_the_list_of_sources_in_both_forms",),
    "B17": (
        "hostile_words_in_a_browser::test_what_was_said_is_what_was_written",
        "hostile_words_in_a_browser::test_what_a_reader_types_is_what_is_shown",
    ),
    "B18": (
        "briefs_in_a_browser::test_a_brief_is_composed_from_nothing_and_read",
        "briefs_in_a_browser::test_five_minutes_hold_it_on_the_page_and_four_sheets_on_paper",
    ),
    "B19": ("briefs_in_a_browser::test_five_minutes_hold_it_on_the_page_and_four_sheets_on_paper",),
    "B20": (
        "assistant/brief/export::test_every_format_shows_the_same_claims_with_the_same_citations",
        "briefs_in_a_browser::test_every_form_is_downloaded_from_the_page",
    ),
    "B21": (
        "reviewing_in_a_browser::test_a_dozen_things_at_most_are_settled_in_their_place",
        "reviewing_in_a_browser::test_every_line_is_walked_kept_reworded_and_taken_out_without_a_pointer",
        "reviewing_in_a_browser::test_an_edit_that_says_more_is_shown_the_sources_words_and_may_stand_as_an_ae_note",
        "reviewing_in_a_browser::test_it_is_handed_over_returned_with_a_reason_and_accepted_with_its_gaps",
        "delivery::test_after_approval_the_csm_is_told_and_the_crm_and_the_platform_know",
    ),
    "B22": (
        "reviewing_in_a_browser::test_two_people_at_one_line_both_see_both_texts_and_nothing_is_lost",
        "reviewing_in_a_browser::test_two_people_who_answer_one_question_both_see_both_answers",
    ),
    "B23": ("pages_in_a_browser::test_an_import_is_followed_while_questions_are_answered_and_its_failures_are_named",),
    "B24": ("pages_in_a_browser::test_measured_quality_names_what_fell_below_its_bar_and_opens_what_went_wrong",),
    "B25": ("widget_in_a_browser::test_a_page_that_means_no_good_neither_reads_nor_restyles_what_it_shows",),
    "B26": ("asking_in_a_browser::test_by_keyboard_alone_from_question_to_quote_and_back",),
    "B27": ("pages_in_a_browser::test_nobody_is_kept_out_and_nothing_scrolls_sideways",),
    "B28": (
        "asking_in_a_browser::test_a_phone_shows_the_source_as_a_sheet_and_nothing_scrolls_sideways",
        "pages_in_a_browser::test_nobody_is_kept_out_and_nothing_scrolls_sideways",
    ),
    "B29": (
        "words_in_a_browser::test_in_a_made_up_language_nothing_is_left_in_english_and_nothing_is_cut_off",
        "words_in_a_browser::test_the_catalogue_holds_what_the_pages_say",
        "widget_in_a_browser::test_in_a_made_up_language_nothing_of_the_frame_is_left_in_english",
        "measured_in_a_browser::test_read_from_right_to_left_nothing_runs_out_of_the_page",
    ),
    "B30": ("measured_in_a_browser::test_a_long_call_and_a_long_thread_stay_quick",),
    "B31": (
        "measured_in_a_browser::test_large_text_forced_colours_and_still_pictures_lose_nothing",
        "measured_in_a_browser::test_pages_look_as_they_did_in_light_in_dark_and_in_colours_of_the_system",
    ),
    "B32": ("asking_in_a_browser::test_who_is_signed_out_in_the_middle_keeps_the_question",),
}
